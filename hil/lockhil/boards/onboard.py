"""What runs on a board, in MicroPython's dialect and small enough for the smallest of them.

Each piece prints one Python literal a line. It changes nothing but what its comment says.
"""

from collections.abc import Iterable

# The outputs as the board's own data names them; the motor first.
_OUTPUTS = ("motor_throw", "motor_withdraw", "load", "green", "red")

# Switches motor, load and LEDs off. Only a board with our data has such outputs, where the firmware
# lies that runs; without it nothing of ours ran. Prints whether it did.
STILL = f"""
import sys
n={_OUTPUTS!r}
def o():
 import json
 from machine import Pin
 for d in sys.path:
  try:f=open(d+'/board.json')
  except OSError:continue
  with f:o=json.load(f)['outputs']
  if sorted(o)==sorted(n):
   for k in n:Pin(o[k],Pin.OUT,value=0)
   return True
try:print(bool(o()))
except Exception:print(False)
"""

# Who the board is: platform, machine, version, .mpy, room, unique id. None: it doesn't know.
IDENTIFY = """
import sys
def t(f):
 try:return f()
 except Exception:return None
def m():
 import os
 return os.uname().machine
def r():
 import os
 s=os.statvfs('/')
 return s[1],s[3],s[2]
def u():
 import machine
 return bytes(machine.unique_id())
i=sys.implementation
print((sys.platform,getattr(i,'_machine',None) or t(m),t(lambda:tuple(i.version)),\
getattr(i,'_mpy',None),t(r),t(u)))
"""

# Helpers for what follows. W is the file being written, and nothing else is called so: one that a
# killed run left open would be written to its end over the new one of its name, once the board
# collects its garbage.
PREPARE = """
import os,sys,gc,hashlib,binascii
try:W.close()
except Exception:pass
gc.collect()
b=bytearray(512)
v=memoryview(b)
def h(p):
 s=hashlib.sha256()
 z=0
 with open(p,'rb') as f:
  while 1:
   n=f.readinto(b)
   if not n:break
   z+=n
   s.update(v[:n])
 print((p,z,binascii.hexlify(s.digest()).decode()))
def w(d):
 try:l=list(os.ilistdir(d))
 except OSError:return
 for e in l:
  p=d+'/'+e[0]
  if e[1]&0x4000:w(p)
  else:h(p)
def e(p):
 try:
  os.stat(p)
  return True
 except OSError:return False
def c(p,n):
 with open(p,'rb') as f:print(f.read(n))
def k(s,t):
 with open(s,'rb') as f:
  with open(t,'wb') as g:
   while 1:
    n=f.readinto(b)
    if not n:break
    g.write(v[:n])
"""


def hash_files(places: Iterable[str]) -> str:
    """Print path, size and sha256 of each of these files that is there."""
    return f"for p in {tuple(places)!r}:\n if e(p) and not os.stat(p)[0]&0x4000:h(p)"


def hash_folder(place: str) -> str:
    """The same for all files under a folder."""
    return f"w({place!r})"


def names(folder: str) -> str:
    """Print the names in a folder, none if it isn't there."""
    return f"print(os.listdir({folder!r}) if e({folder!r}) else [])"


def content(place: str, longest: int) -> str:
    """Print a file's first bytes."""
    return f"c({place!r},{longest})"


def version(home: str) -> str:
    """Print the version of the firmware that lies there, None if it doesn't say."""
    return f"""
sys.path.insert(0,{home!r})
for k_ in list(sys.modules):
 if k_.split('.')[0]=='lockunit':del sys.modules[k_]
try:
 import lockunit
 print(repr(lockunit.VERSION))
except Exception:print(None)
sys.path.pop(0)
for k_ in list(sys.modules):
 if k_.split('.')[0]=='lockunit':del sys.modules[k_]
"""


def folder(place: str) -> str:
    """Make a folder, if there is none."""
    return f"if not e({place!r}):os.mkdir({place!r})"


def begin_file(place: str) -> str:
    """Create or empty a file, for `more`."""
    return f"W=open({place!r},'wb')"


def more(base64: str) -> str:
    """Write on; prints nothing."""
    return f"x=W.write(binascii.a2b_base64('{base64}'))"


END_FILE = "W.close()"


# Ends a trial: the next start is one of the firmware in use.
GIVE_UP = "import os\ntry:os.remove('/trial')\nexcept OSError:pass"


def remove(places: Iterable[str]) -> str:
    """Remove files; those that aren't there are passed over."""
    return f"for p in {tuple(places)!r}:\n if e(p):os.remove(p)"


def clone(source: str, place: str) -> str:
    """Copy a file on the board."""
    return f"k({source!r},{place!r})"


def rename(old: str, new: str) -> str:
    """Give a file another name, in place of what is called so."""
    return f"os.rename({old!r},{new!r})"


def put_on_trial(place: str, what: str) -> str:
    """Let the next starts be trials; this is what the board's boot.py goes by."""
    return f"with open({place + '.new'!r},'wb') as f:f.write({what.encode()!r})\n" + rename(
        f"{place}.new", place
    )


# Where the firmware lies that was started, and whether it is on trial, by its own word.
STARTED = """
try:
 from lockboards import slots
 print((slots.FOLDER,slots.on_trial()))
except Exception:print((None,False))
"""
# As the unit does it itself when it is told to by its link.
CONFIRM = "slots.confirm()"
