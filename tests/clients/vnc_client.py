"""Looks at a window as a client of VNC does, uses it, and prints what was seen as JSON.

vnc_client.py HOST PORT: the password is on stdin.
"""
import asyncio, json, sys

import asyncvnc


async def look(host, port, password):
    try:
        async with asyncvnc.connect(host, port, password=password) as client:
            picture = await client.screenshot()
            client.mouse.move(150, 100)
            client.mouse.click()
            client.keyboard.write("x")
            # An answer comes once what was sent before is done.
            await client.screenshot()
            colours = len({bytes(pixel) for row in picture[:300, :500] for pixel in row})
            return {"width": client.video.width, "height": client.video.height, "colours": colours}
    except PermissionError as error:
        return {"refused": str(error)}


print(json.dumps(asyncio.run(asyncio.wait_for(look(sys.argv[1], int(sys.argv[2]), sys.stdin.read()), 60))))
