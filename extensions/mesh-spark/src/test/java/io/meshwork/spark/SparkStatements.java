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
 * A program for Spark, which its launcher starts in a separate process. It refers to no class of
 * Spark, so that it compiles without Spark and runs with any version. Reads one SQL statement per
 * line; prints a line {@code ROW ...} per row and then {@code DONE}, or {@code FAILED} with the
 * class and the message of the exception.
 */
public final class SparkStatements {
  /** Ends the result of a statement. */
  static final String DONE = "DONE";

  /** Starts the result of a failed statement. */
  static final String FAILED = "FAILED ";

  /** Starts a row. */
  static final String ROW = "ROW ";

  private final Object session;

  private SparkStatements(Object session) {
    this.session = session;
  }

  /** Runs statements until the input ends. */
  public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
    // Redirects Spark's own output, so that standard output contains results only.
    PrintStream results = System.out;
    System.setOut(System.err);
    Object builder =
        Class.forName("org.apache.spark.sql.SparkSession").getMethod("builder").invoke(null);
    Object session = call(builder, "getOrCreate", new Class<?>[0]);
    results.println(DONE);
    new SparkStatements(session).run(results);
    call(session, "stop", new Class<?>[0]);
  }

  private void run(PrintStream results) throws IOException, ReflectiveOperationException {
    BufferedReader statements =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String sql = statements.readLine(); sql != null; sql = statements.readLine()) {
      try {
        Object table = call(session, "sql", new Class<?>[] {String.class}, sql);
        for (Object row : (List<?>) call(table, "collectAsList", new Class<?>[0])) {
          results.println(ROW + row);
        }
        results.println(DONE);
      } catch (InvocationTargetException e) {
        Throwable failure = e.getCause();
        results.println(
            FAILED
                + failure.getClass().getName()
                + " "
                + String.valueOf(failure.getMessage()).replace("\n", "\\n"));
      }
    }
  }

  /** Calls a public method. */
  private static Object call(Object target, String name, Class<?>[] types, Object... arguments)
      throws ReflectiveOperationException {
    Method method = target.getClass().getMethod(name, types);
    return method.invoke(target, arguments);
  }
}
