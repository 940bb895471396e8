@echo off
rem Usage: mesh VERB ...
rem
rem Runs the command mesh on Windows, on its one jar: that of MESHWORK_JAR, or mesh-cli-*-all.jar beside this
rem file or where this repository builds it. docs/cli.md introduces the verbs.
setlocal
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java.exe"
set "JAR=%MESHWORK_JAR%"
if not defined JAR for %%J in ("%~dp0mesh-cli-*-all.jar") do set "JAR=%%~fJ"
if not defined JAR for %%J in ("%~dp0..\extensions\mesh-cli\target\mesh-cli-*-all.jar") do set "JAR=%%~fJ"
if not defined JAR (
  echo There is no mesh-cli-*-all.jar beside "%~f0". Copy it there, or name it in MESHWORK_JAR. 1>&2
  exit /b 2
)
"%JAVA%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "%JAR%" %*
exit /b %ERRORLEVEL%
