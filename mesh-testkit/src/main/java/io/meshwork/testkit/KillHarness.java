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
 * Starts a program in a process of its own, kills it after some lines of its output, and starts it
 * again: as often as asked, at moments that the seed chooses. The program says on its output what
 * it has finished, and whatever else it likes, since more lines are more moments to die.
 *
 * <pre>{@code
 * KillHarness.jvm(MyEtlMain.class)
 *     .arguments(() -> List.of(folder.toString(), nextDay()))
 *     .kills(100)
 *     .afterEach(life -> checkThatNothingIsLost(life.lines()))
 *     .run();
 * }</pre>
 *
 * <p>A killed process proves nothing of a loss of power: what it wrote stays with the system. For
 * that see {@link MeshPlace#losingPower}. Not thread-safe; several may run side by side.
 */
public final class KillHarness {
  private final Class<?> main;
  private Supplier<List<String>> arguments = List::of;
  private Consumer<Life> afterEach = life -> {};
  private int kills = 10;
  private int mostLines = 200;
  private long seed = 1;

  private KillHarness(Class<?> main) {
    this.main = main;
  }

  /** A harness for the program of this class, on this process's class path. */
  public static KillHarness jvm(Class<?> main) {
    return new KillHarness(main);
  }

  /** What the program is given, asked for before each start. Default: nothing. */
  public KillHarness arguments(Supplier<List<String>> given) {
    arguments = given;
    return this;
  }

  /** How often it is killed. Default: 10. */
  public KillHarness kills(int times) {
    kills = times;
    return this;
  }

  /** It is killed after 1 to so many lines. Default: 200. */
  public KillHarness withinLines(int most) {
    mostLines = most;
    return this;
  }

  /** When it is killed. Default: 1. */
  public KillHarness seed(long start) {
    seed = start;
    return this;
  }

  /** Is told of each process after its end. What it throws ends the run. */
  public KillHarness afterEach(Consumer<Life> check) {
    afterEach = check;
    return this;
  }

  /**
   * One process from start to end.
   *
   * @param number from 1
   * @param killedAfter it was killed after so many lines, if it lived that long
   * @param ended true if it ended by itself before
   * @param lines what it said, whole lines only
   */
  public record Life(int number, int killedAfter, boolean ended, List<String> lines) {
    /** Copies the lines. */
    public Life {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Runs it.
   *
   * @return how many processes were killed; one that ended by itself before does not count
   * @throws UncheckedIOException if no process can be started
   * @throws InterruptedException if the thread is interrupted; the process is killed first
   */
  public int run() throws InterruptedException {
    Random random = new Random(seed);
    int killed = 0;
    for (int number = 1; number <= kills; number++) {
      Life life = live(number, 1 + random.nextInt(mostLines));
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
        // the lines are all that is waited for
      }
      boolean ended = lines.size() < killedAfter;
      // Process.destroyForcibly would close the pipe, and with it the last answers.
      process.toHandle().destroyForcibly();
      while (addLine(output, lines)) {
        // whatever it said before it died
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
    // It lives for a second or two: what makes a JVM start fast matters, and nothing else.
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments.get());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Adds the next line; one without its end was torn and is nothing. */
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
