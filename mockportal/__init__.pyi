from mockportal.library import Client as Client
from mockportal.library import Served as Served
from mockportal.library import asgi_app as asgi_app
from mockportal.library import serve as serve

__version__: str
