// Unpacks the browser that the package carries.
import { chmodSync, createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const packed = new URL("node_modules/@sparticuz/chromium/bin/chromium.br", import.meta.url);
const browser = new URL("chromium", import.meta.url);
await pipeline(createReadStream(packed), createBrotliDecompress(), createWriteStream(browser));
chmodSync(browser, 0o755);
