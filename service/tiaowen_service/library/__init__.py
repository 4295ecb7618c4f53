"""The library as a service keeps it: durable writes, versions, tasks, indexes."""
