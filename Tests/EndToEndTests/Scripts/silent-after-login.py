"""A proxy before a PostgreSQL server that lets clients log in and swallows their statements: a server that hangs in the middle.

usage: silent-after-login.py PORT SERVER-PORT [healthy]
With `healthy` it lets everything through.
"""
import asyncio
import sys


async def pump(reader, writer, is_client):
    while data := await reader.read(65536):
        # After the login a simple or an extended query begins with Q or P; no message of the login begins a packet with either.
        if is_client and len(sys.argv) == 3 and data[:1] in (b"Q", b"P"):
            await asyncio.sleep(3600)
        writer.write(data)
        await writer.drain()
    writer.close()


async def serve(reader, writer):
    from_server, to_server = await asyncio.open_connection("127.0.0.1", int(sys.argv[2]))
    await asyncio.gather(pump(reader, to_server, True), pump(from_server, writer, False), return_exceptions=True)


async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), reuse_address=True) as server:
        await server.serve_forever()


asyncio.run(main())
