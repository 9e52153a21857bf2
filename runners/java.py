"""The command of a Java server of Flink, Spark or Beam: what they want of Java 17, and logging to the console."""

from collections.abc import Sequence
from pathlib import Path

from runners.parts import need

# Flink, Spark and Beam look into these on Java 17, which is closed unless told otherwise (Flink's own
# env.java.opts.all, and Spark's JavaModuleOptions).
_OPEN = ("lang", "lang.invoke", "lang.reflect", "io", "net", "nio", "text", "time", "util", "util.concurrent")
_OPEN_TOO = ("util.concurrent.atomic", "util.concurrent.locks")
_FLAGS = (
    *(f"--add-opens=java.base/java.{package}=ALL-UNNAMED" for package in (*_OPEN, *_OPEN_TOO)),
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.cs=ALL-UNNAMED",
    "--add-opens=java.base/sun.security.action=ALL-UNNAMED",
    "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED",
    "--add-exports=java.base/sun.net.util=ALL-UNNAMED",
    "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
    "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
)
_LOGGING = """\
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %-5p %c{1} %m%n
"""


def java(folder: Path, memory: Sequence[str], class_path: Sequence[str], main: str, *arguments: str) -> list[str]:
    """Return the command that runs `main`; how it logs is written to `folder`.

    Raises:
        PartMissingError: Java is not installed.
    """
    told = folder / "log4j.properties"
    told.write_text(_LOGGING, "utf-8")
    logging = f"-Dlog4j.configurationFile=file:{told}"
    return [need("java", "to run it (17)"), *memory, *_FLAGS, logging, "-cp", ":".join(class_path), main, *arguments]
