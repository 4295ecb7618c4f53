import { render } from "preact";
import { App } from "./app";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/clause.css";
import "./styles/search.css";
import "./styles/read.css";
import "./styles/tables.css";
import "./styles/views.css";
import "./styles/print.css";

const root = document.querySelector("#page");
if (root) render(<App />, root);
