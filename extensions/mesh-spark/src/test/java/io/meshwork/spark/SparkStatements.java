package io.meshwork.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program for Spark, which its launcher starts in a process of its own. It names no class of
 * Spark, so that it compiles without and runs with any. Reads one SQL statement a line; answers
 * with a line {@code ROW ...} a row and then {@code DONE}, or with {@code FAILED}, the class and
 * the message.
 */
public final class SparkStatements {
  /** Ends a statement's answer. */
  static final String DONE = "DONE";

  /** Starts the answer of a statement that failed. */
  static final String FAILED = "FAILED ";

  /** Starts a row. */
  static final String ROW = "ROW ";

  private final Object session;

  private SparkStatements(Object session) {
    this.session = session;
  }

  /** Answers until its input ends. */
  public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
    // Spark may print to standard output; answers have it for themselves.
    PrintStream answers = System.out;
    System.setOut(System.err);
    Object builder =
        Class.forName("org.apache.spark.sql.SparkSession").getMethod("builder").invoke(null);
    Object session = call(builder, "getOrCreate", new Class<?>[0]);
    answers.println(DONE);
    new SparkStatements(session).answer(answers);
    call(session, "stop", new Class<?>[0]);
  }

  private void answer(PrintStream answers) throws IOException, ReflectiveOperationException {
    BufferedReader statements =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String sql = statements.readLine(); sql != null; sql = statements.readLine()) {
      try {
        Object table = call(session, "sql", new Class<?>[] {String.class}, sql);
        for (Object row : (List<?>) call(table, "collectAsList", new Class<?>[0])) {
          answers.println(ROW + row);
        }
        answers.println(DONE);
      } catch (InvocationTargetException e) {
        Throwable failure = e.getCause();
        answers.println(
            FAILED
                + failure.getClass().getName()
                + " "
                + String.valueOf(failure.getMessage()).replace("\n", "\\n"));
      }
    }
  }

  /** Calls a public method, by the public class or interface that has it. */
  private static Object call(Object on, String name, Class<?>[] types, Object... arguments)
      throws ReflectiveOperationException {
    Method method = on.getClass().getMethod(name, types);
    return method.invoke(on, arguments);
  }
}
