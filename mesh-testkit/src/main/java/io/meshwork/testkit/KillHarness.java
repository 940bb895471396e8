package io.meshwork.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts a program in a separate process, kills it after some lines of its output, and starts it
 * again, repeatedly, at times that the seed determines. The program prints what it has finished;
 * further lines give further times to kill it.
 *
 * <pre>{@code
 * KillHarness.jvm(MyEtlMain.class)
 *     .arguments(() -> List.of(folder.toString(), nextDay()))
 *     .kills(100)
 *     .afterEach(life -> checkThatNothingIsLost(life.lines()))
 *     .run();
 * }</pre>
 *
 * <p>Killing a process does not simulate a loss of power, because the operating system retains what
 * the process wrote; see {@link MeshPlace#losingPower}. Not thread-safe; several may run
 * concurrently.
 */
public final class KillHarness {
  private final Class<?> main;
  private final List<String> options = new ArrayList<>();
  private Supplier<List<String>> arguments = List::of;
  private Consumer<Life> afterEach = life -> {};
  private int kills = 10;
  private int maxLines = 200;
  private long seed = 1;

  private KillHarness(Class<?> main) {
    this.main = main;
  }

  /** Returns a harness for this main class, with the class path of this process. */
  public static KillHarness jvm(Class<?> main) {
    return new KillHarness(main);
  }

  /** Sets the program's arguments, which are requested before each start. Default: none. */
  public KillHarness arguments(Supplier<List<String>> supplier) {
    arguments = supplier;
    return this;
  }

  /**
   * Adds options of the JVM, such as {@code -Xmx1g}, which replace ours. Default: a small heap and
   * a fast start.
   */
  public KillHarness options(List<String> more) {
    options.addAll(more);
    return this;
  }

  /** Sets how often to start and kill the program. Default: 10. */
  public KillHarness kills(int times) {
    kills = times;
    return this;
  }

  /** Kills the program after 1 to this many lines. Default: 200. */
  public KillHarness withinLines(int most) {
    maxLines = most;
    return this;
  }

  /** Sets the seed of the times. Default: 1. */
  public KillHarness seed(long start) {
    seed = start;
    return this;
  }

  /** Sets a check that runs after each process; its exceptions end the run. */
  public KillHarness afterEach(Consumer<Life> check) {
    afterEach = check;
    return this;
  }

  /**
   * One process.
   *
   * @param number the number of the process, from 1
   * @param killedAfter the number of lines after which it was to be killed
   * @param ended true if it ended before that
   * @param lines its output, complete lines only
   */
  public record Life(int number, int killedAfter, boolean ended, List<String> lines) {
    public Life {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Runs the processes.
   *
   * @return how many processes were killed; processes that ended before are not counted
   * @throws UncheckedIOException if a process cannot be started
   * @throws InterruptedException if the thread is interrupted; the process is killed first
   */
  public int run() throws InterruptedException {
    Random random = new Random(seed);
    int killed = 0;
    for (int number = 1; number <= kills; number++) {
      Life life = live(number, 1 + random.nextInt(maxLines));
      if (!life.ended()) {
        killed++;
      }
      afterEach.accept(life);
    }
    return killed;
  }

  private Life live(int number, int killedAfter) throws InterruptedException {
    Process process = null;
    try {
      process = start();
      InputStream output = process.getInputStream();
      List<String> lines = new ArrayList<>();
      while (lines.size() < killedAfter && addLine(output, lines)) {
        // wait for the lines
      }
      boolean ended = lines.size() < killedAfter;
      // Process.destroyForcibly would close the pipe and lose the last lines.
      process.toHandle().destroyForcibly();
      while (addLine(output, lines)) {
        // read the remaining output
      }
      process.waitFor();
      return new Life(number, killedAfter, ended, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The process runs for a second or two, so only a fast start of the JVM matters.
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(arguments.get());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Adds the next line; ignores a line without its end. */
  private static boolean addLine(InputStream output, List<String> lines) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = output.read(); next >= 0; next = output.read()) {
      if (next == '\n') {
        lines.add(line.toString(StandardCharsets.UTF_8));
        return true;
      }
      line.write(next);
    }
    return false;
  }
}
