import { defineConfig } from "vite";

// Relative addresses: the page also works behind a path prefix. No inlined assets: the content
// security policy allows files of our own and nothing else.
export default defineConfig({
  base: "./",
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { "/v1": "http://127.0.0.1:8000", "/openapi.json": "http://127.0.0.1:8000" } },
});
