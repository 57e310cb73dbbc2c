// SPDX-License-Identifier: GPL-2.0-only
// One FTP session of npm's basic-ftp, which is in FOLDER:
// FOLDER HOST PORT USER PASS pasv|epsv [get|put|list FROM TO]...

"use strict";

const fs = require("fs");
const [folder, host, port, user, password, mode, ...actions] =
	process.argv.slice(2);
const ftp = require(folder);
const { enterPassiveModeIPv4_forceControlHostIP: enterPassiveModeIPv4 } =
	require(folder + "/dist/transfer");

async function session() {
	const client = new ftp.Client(0);

	client.ftp.verbose = true;
	client.prepareTransfer = mode === "epsv" ? ftp.enterPassiveModeIPv6 :
		enterPassiveModeIPv4;
	try {
		await client.access({ host, port: Number(port), user, password });
		for (let i = 0; i < actions.length; i += 3) {
			const [verb, from, to] = actions.slice(i, i + 3);

			if (verb === "get")
				await client.downloadTo(to, from);
			else if (verb === "put")
				await client.uploadFrom(from, to);
			else
				fs.writeFileSync(to, (await client.list())
					.map((f) => f.name + "\n").join(""));
		}
	} finally {
		client.close();
	}
}

session().catch((why) => {
	console.log(String(why));
	process.exitCode = 1;
});
