package io.meshwork.cli.internal.shell;

import java.io.Console;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a command finds around it.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param variables the environment
 * @param terminal true if a person reads the answer: colour is shown
 * @param progress true if a person watches standard error
 * @param clock the time
 */
public record CommandShell(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> variables,
    boolean terminal,
    boolean progress,
    InstantSource clock) {
  /** Where Airflow's sidecar looks for what a task returns. */
  private static final String XCOM = "/airflow/xcom";

  /** Bits of a file's mode, as in stat(2). */
  private static final int TYPE_OF_FILE = 0170000;

  private static final int CHARACTER_DEVICE = 0020000;

  public static CommandShell ofProcess() {
    return new CommandShell(
        StandardInput.ofProcess(),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.getenv(),
        isColored() && isOnConsole() && isTerminal(1) && isTerminal(2),
        isColored() && isOnTerminal() && isTerminal(2),
        InstantSource.system());
  }

  private static boolean isColored() {
    return System.getenv("NO_COLOR") == null;
  }

  /** True if the process has a terminal, although standard output may be a pipe. */
  private static boolean isOnTerminal() {
    return File.separatorChar == '/' || isOnConsole();
  }

  /** From Java 22 on, there is a console also where standard output is a file. */
  private static boolean isOnConsole() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // before Java 22
    }
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return device.startsWith("/dev/pts/")
          || device.startsWith("/dev/tty")
          || device.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return isCharacterDevice("/dev/fd/" + descriptor);
    }
  }

  /** Without Linux's folder of processes: true for a terminal, and where nothing is known. */
  private static boolean isCharacterDevice(String descriptor) {
    try {
      int mode = (int) Files.getAttribute(Path.of(descriptor), "unix:mode");
      return (mode & TYPE_OF_FILE) == CHARACTER_DEVICE;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return File.separatorChar == '\\'; // on Windows, the console decides
    }
  }

  /** The console of Windows has its own encoding; a file or a pipe gets UTF-8. */
  private static PrintStream stream(FileDescriptor descriptor) {
    String named = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    boolean isConsole = File.separatorChar == '\\' && named != null && isOnConsole();
    return new AnswerStream(
        new ReaderOutput(new FileOutputStream(descriptor)),
        isConsole && Charset.isSupported(named) ? Charset.forName(named) : StandardCharsets.UTF_8);
  }

  /** Returns standard output for rows, which tells when its reader has ended. */
  public OutputStream rowsOutput() {
    return new RowsOutput(out);
  }

  /** True if a reader of standard output ended before the writer, as {@code head} does. */
  public boolean readerEnded() {
    return out instanceof AnswerStream answers && answers.readerEnded();
  }

  /** Returns this shell for a verb whose standard output has rows: its answer is an error's. */
  public CommandShell withRowsOnOutput() {
    return new CommandShell(in, err, err, variables, terminal, progress && !terminal, clock);
  }

  /** Prints what a verb answers. */
  public void print(VerbAnswer answer, boolean asJson) {
    if (answer.change()) {
      answer.lines().forEach(line -> complain(TerminalText.of(line)));
      printResult(answer.document().toString());
    } else if (asJson) {
      out.println(SafeText.of(answer.document().toString()));
    } else {
      answer.lines().forEach(line -> out.println(colored(SafeText.of(line))));
    }
    out.flush();
  }

  /** Prints the one line of a change, and leaves it for Airflow if it is there. */
  public void printResult(String json) {
    String safe = SafeText.of(json);
    out.println(safe);
    String named = variables.getOrDefault("MESH_XCOM", "");
    String place = named.isBlank() ? XCOM : named;
    try {
      Path folder = Path.of(place);
      if (Files.isDirectory(folder)) {
        Files.writeString(folder.resolve("return.json"), safe + "\n");
      }
    } catch (InvalidPathException e) {
      err.println(SafeText.of(String.valueOf(UsageException.ofPath("MESH_XCOM", e).getMessage())));
    } catch (IOException e) {
      err.println("Cannot write return.json to " + place + ": " + SafeText.of(e.toString()));
    }
  }

  /** As {@link #flushed(int, int, PrintStream, PrintStream)}, with the streams of this shell. */
  public int flushed(int code, int unexpected) {
    return flushed(code, unexpected, out, err);
  }

  /**
   * Returns the exit code of a command: the code of an unexpected error if standard output took
   * less than was printed to it, and nothing else failed.
   */
  public static int flushed(int code, int unexpected, PrintStream out, PrintStream err) {
    if (!out.checkError()) {
      return code;
    }
    err.println(
        "Cannot write the whole answer to standard output. A change that the command made stays."
            + " Check that the disk has space, and that what reads the output still runs.");
    return code == 0 ? unexpected : code;
  }

  private String colored(String line) {
    return terminal ? StatusColor.of(line) : line;
  }

  /** Prints the lines of a message. */
  public void complain(String message) {
    message.lines().forEach(line -> err.println(SafeText.of(line)));
  }
}
