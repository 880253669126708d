// Makes a page live whose notebook shows our widgets only: no more of Jupyter in the browser than talking to them takes.
//
// What the notebook shows comes by one websocket, from the server that runs it; by the other the page talks to its
// kernel. Both bring the kernel's own messages, so that what comes by both counts once. A widget is its state and a
// script; the scripts are the very ones that JupyterLab gets by way of anywidget.

const SCRIPTS = JSON.parse(document.getElementById("workbook-widgets").textContent);
const { kernelId } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
const PROTOCOL = "v1.kernel.websocket.jupyter.org";
const VIEW = "application/vnd.jupyter.widget-view+json";
const AGAIN_MS = [200, 500, 1000, 2000, 4000, 8000];
const session = crypto.randomUUID();

/* Messages: offsets, then channel, header, parent, metadata, content and buffers, one after the other */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function packed(content) {
  const header = { msg_id: crypto.randomUUID(), msg_type: "comm_msg", session, username: "", date: new Date().toISOString(), version: "5.3" };
  const parts = ["shell", ...[header, {}, {}, content].map((part) => JSON.stringify(part))].map((text) => encoder.encode(text));
  const offsets = [8 * (parts.length + 2)];
  for (const part of parts) offsets.push(offsets.at(-1) + part.length);
  const bytes = new Uint8Array(offsets.at(-1));
  const numbers = new DataView(bytes.buffer);
  [offsets.length, ...offsets].forEach((number, i) => numbers.setBigUint64(8 * i, BigInt(number), true));
  parts.forEach((part, i) => bytes.set(part, offsets[i]));
  return bytes;
}

function unpacked(buffer) {
  const numbers = new DataView(buffer);
  const count = Number(numbers.getBigUint64(0, true));
  const offsets = Array.from({ length: count }, (_, i) => Number(numbers.getBigUint64(8 * (i + 1), true)));
  const part = (i) => new DataView(buffer, offsets[i], offsets[i + 1] - offsets[i]);
  const [header, parent, , content] = [1, 2, 3, 4].map((i) => JSON.parse(decoder.decode(part(i))));
  const buffers = Array.from({ length: Math.max(0, count - 6) }, (_, i) => part(i + 5));
  return { kind: header.msg_type, id: header.msg_id, parent: parent.msg_id, content, buffers };
}

/* Widgets */

/** A widget's state as its kernel has it. This is as much of anywidget's model as our scripts ask for. */
class Model {
  constructor(id, state) {
    Object.assign(this, { id, state, listeners: new Map(), widget_manager: { kernel } });
  }
  get(name) {
    return this.state[name];
  }
  on(event, listener) {
    if (!this.listeners.has(event)) this.listeners.set(event, new Set());
    this.listeners.get(event).add(listener);
  }
  off(event, listener) {
    this.listeners.get(event)?.delete(listener);
  }
  tell(event, ...what) {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(...what);
  }
  send(content) {
    kernel.send({ comm_id: this.id, data: { method: "custom", content } });
  }
  take(state) {
    Object.assign(this.state, state);
    for (const name of Object.keys(state)) this.tell(`change:${name}`);
  }
}

const models = new Map();

function hear({ kind, parent, content, buffers }) {
  if (kind === "comm_open") {
    models.set(content.comm_id, new Model(content.comm_id, content.data.state ?? {}));
  } else if (kind === "comm_msg") {
    const { method, state, content: said } = content.data;
    const model = models.get(content.comm_id);
    if (method === "update") model?.take(state);
    else if (method === "custom") model?.tell("msg:custom", said, buffers);
  } else if (kind === "comm_close") {
    models.delete(content.comm_id);
  } else if (kind === "display_data") {
    const { model_id: id } = content.data[VIEW] ?? {};
    if (models.has(id)) mount(models.get(id), parent);
  }
}

function placeOf(request) {
  return document.querySelector(`[cell-index="${request?.replace("cell-", "")}"] > .wb-output`);
}

function mount(model, request) {
  const place = placeOf(request);
  const script = SCRIPTS[model.get("_anywidget_id")];
  if (!place || !script) return;
  // The widgets of a cell keep their order, whichever script is there first.
  const el = place.appendChild(document.createElement("div"));
  import(new URL(script, document.baseURI)).then(({ default: widget }) => widget.render({ model, el })).catch((error) => console.error("widget", error));
}

function sayFailed({ cell, text }) {
  const said = document.createElement("p");
  said.className = "wb-failed-part";
  said.textContent = text;
  placeOf(cell)?.append(said);
}

/* The two ways */

const heard = new Set();
let held = []; // what came from the kernel itself while the server still brings what the notebook shows

function hearOnce(message) {
  if (heard.has(message.id)) return;
  if (held) heard.add(message.id);
  hear(message);
}

/** What the page knows of its kernel, by the names that JupyterLab has for it, and "starting". */
const kernel = {
  connectionStatus: "starting",
  status: "unknown",
  socket: null,
  waiting: [],
  send(content) {
    const bytes = packed(content);
    if (this.connectionStatus === "connected") this.socket.send(bytes);
    else this.waiting.push(bytes);
  },
};

function address(path) {
  return new URL(path, document.baseURI).href.replace(/^http/, "ws");
}

function follow(attempt = 0) {
  const socket = new WebSocket(address(`../../voila/execution/${kernelId}`));
  socket.binaryType = "arraybuffer";
  let done = false;
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") return hearOnce(unpacked(data));
    const said = JSON.parse(data);
    if (said.kind === "failed") sayFailed(said);
    else if (said.kind === "done") {
      done = true;
      // The server goes on bringing what the kernel says until the page hears it by itself.
      connected = () => socket.close();
      connect();
    }
    return undefined;
  };
  socket.onclose = () => {
    if (done) handOver();
    else if (attempt < AGAIN_MS.length) setTimeout(() => follow(attempt + 1), AGAIN_MS[attempt]);
    else kernel.connectionStatus = "disconnected";
  };
}

let connected = null;

/** From now on the kernel's own word is all there is. */
function handOver() {
  for (const message of held ?? []) hearOnce(message);
  held = null;
  heard.clear();
}

function connect(attempt = 0) {
  const socket = new WebSocket(address(`../../api/kernels/${kernelId}/channels?session_id=${session}`), PROTOCOL);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    Object.assign(kernel, { socket, connectionStatus: "connected" });
    for (const bytes of kernel.waiting.splice(0)) socket.send(bytes);
    connected?.();
    connected = null;
    attempt = 0;
  };
  socket.onmessage = ({ data }) => {
    const message = unpacked(data);
    if (message.kind === "status") kernel.status = message.content.execution_state;
    else if (held) held.push(message);
    else hear(message);
  };
  socket.onclose = () => {
    const again = attempt < AGAIN_MS.length;
    kernel.connectionStatus = again ? "connecting" : "disconnected";
    if (again) setTimeout(() => connect(attempt + 1), AGAIN_MS[attempt]);
  };
}

follow();
