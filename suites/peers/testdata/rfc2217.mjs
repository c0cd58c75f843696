// A serial port as the Web Serial API has it, at the other end of an RFC 2217
// connection: what esptool-js takes for a SerialPort.

import net from "node:net";

// Telnet, RFC 854, and the option of RFC 2217.
const IAC = 255, DONT = 254, DO = 253, WONT = 252, WILL = 251, SB = 250, SE = 240;
const BINARY = 0, SGA = 3, COM_PORT = 44;
const SET_BAUDRATE = 1, SET_CONTROL = 5, ANSWER = 100;
const DTR_ON = 8, DTR_OFF = 9, RTS_ON = 11, RTS_OFF = 12;

export class SerialPort {
  readable = null;
  writable = null;
  #host;
  #port;
  #socket;
  #toBoard; // of the stream of received bytes
  #state = "data";
  #verb;
  #sub = [];
  #answers = []; // of who waits for the server: [command, resolve, reject]

  constructor(url) {
    const { hostname, port } = new URL(url);
    this.#host = hostname;
    this.#port = Number(port);
  }

  getInfo() {
    return {};
  }

  async open({ baudRate }) {
    this.#socket = net.connect({ host: this.#host, port: this.#port, noDelay: true });
    await new Promise((resolve, reject) => {
      this.#socket.once("connect", resolve);
      this.#socket.once("error", reject);
    });
    this.readable = new ReadableStream({ start: (controller) => (this.#toBoard = controller) });
    this.writable = new WritableStream({ write: (p) => this.#send(double(p)) });
    this.#socket.on("data", (p) => this.#receive(p));
    this.#socket.on("close", () => this.#lost(new Error("the connection is closed")));
    this.#socket.on("error", (error) => this.#lost(error));
    await this.#send(Buffer.from([IAC, WILL, COM_PORT, IAC, WILL, BINARY, IAC, DO, BINARY, IAC, DO, SGA]));
    await this.setBaudRate(baudRate);
  }

  async setBaudRate(baud) {
    const p = Buffer.alloc(4);
    p.writeUInt32BE(baud);
    const answer = await this.#ask(SET_BAUDRATE, p);
    if (answer.readUInt32BE() !== baud) {
      throw new Error(`asked for ${baud} baud, got ${answer.readUInt32BE()}`);
    }
  }

  async setSignals({ dataTerminalReady, requestToSend }) {
    if (dataTerminalReady !== undefined) {
      await this.#ask(SET_CONTROL, Buffer.from([dataTerminalReady ? DTR_ON : DTR_OFF]));
    }
    if (requestToSend !== undefined) {
      await this.#ask(SET_CONTROL, Buffer.from([requestToSend ? RTS_ON : RTS_OFF]));
    }
  }

  async close() {
    this.#socket.destroy();
    this.readable = this.writable = null;
  }

  // ask sends a subnegotiation and waits until the server says that it is done.
  #ask(command, value) {
    const done = new Promise((resolve, reject) => this.#answers.push([command + ANSWER, resolve, reject]));
    this.#send(Buffer.concat([Buffer.from([IAC, SB, COM_PORT, command]), double(value), Buffer.from([IAC, SE])]));
    return done;
  }

  #send(p) {
    return new Promise((resolve, reject) => this.#socket.write(p, (error) => (error ? reject(error) : resolve())));
  }

  #lost(error) {
    for (const [, , reject] of this.#answers.splice(0)) {
      reject(error);
    }
    try {
      this.#toBoard.error(error);
    } catch {
      // whoever read has gone already
    }
  }

  #receive(chunk) {
    const data = [];
    for (const b of chunk) {
      this.#byte(b, data);
    }
    if (data.length > 0) {
      this.#toBoard.enqueue(Uint8Array.from(data));
    }
  }

  #byte(b, data) {
    switch (this.#state) {
      case "data":
        if (b === IAC) this.#state = "iac";
        else data.push(b);
        break;
      case "iac":
        this.#state = "data";
        if (b === IAC) data.push(b);
        else if (b === SB) [this.#state, this.#sub] = ["sub", []];
        else if (b >= WILL) [this.#state, this.#verb] = ["option", b];
        break;
      case "option":
        this.#state = "data";
        this.#option(b);
        break;
      case "sub":
        if (b === IAC) this.#state = "sub iac";
        else this.#sub.push(b);
        break;
      case "sub iac":
        if (b === IAC) [this.#state] = ["sub", this.#sub.push(b)];
        else {
          this.#state = "data";
          this.#answer(Buffer.from(this.#sub));
        }
    }
  }

  // What was asked for in open needs no answer; all else is refused.
  #option(option) {
    const known = [BINARY, SGA, COM_PORT].includes(option);
    if (known && this.#verb === DONT && option === COM_PORT) {
      this.#lost(new Error("the server does not speak RFC 2217"));
    }
    if (!known && this.#verb === WILL) this.#send(Buffer.from([IAC, DONT, option]));
    if (!known && this.#verb === DO) this.#send(Buffer.from([IAC, WONT, option]));
  }

  #answer(p) {
    const i = this.#answers.findIndex(([command]) => p[0] === COM_PORT && p[1] === command);
    if (i >= 0) {
      const [[, resolve]] = this.#answers.splice(i, 1);
      resolve(p.subarray(2));
    }
  }
}

function double(p) {
  const out = [];
  for (const b of p) {
    out.push(b);
    if (b === IAC) out.push(b);
  }
  return Buffer.from(out);
}
