package io.meshwork.examples.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program for Spark, which its launcher starts in a separate process. It refers to no class of
 * Spark, so that it compiles without Spark and runs with any version. Reads one SQL statement a
 * line; prints {@code ROW} and a JSON object for each row, and then {@code DONE} and their number,
 * or {@code FAILED}, a code, and the message on one line.
 */
public final class SparkStatements {
  /** Ends the result of a statement. */
  static final String DONE = "DONE ";

  /** Starts the result of a failed statement. */
  static final String FAILED = "FAILED ";

  /** Starts a row. */
  static final String ROW = "ROW ";

  /** All digits of a time, which Spark cuts to milliseconds otherwise. */
  private static final String AS_JSON =
      "to_json(struct(*), map('ignoreNullFields', 'false',"
          + " 'timestampFormat', \"yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX\","
          + " 'timestampNTZFormat', \"yyyy-MM-dd'T'HH:mm:ss.SSSSSS\"))";

  private SparkStatements() {}

  /** Runs lines in a session. */
  @FunctionalInterface
  public interface Lines {
    /**
     * Runs a line.
     *
     * @param session the session
     * @return the rows, as JSON objects
     */
    List<String> run(Object session, String line) throws Exception;
  }

  /** Runs statements until the input ends. */
  public static void main(String[] arguments) throws Exception {
    run(SparkStatements::sql);
  }

  /** Runs lines until the input ends. */
  public static void run(Lines lines) throws Exception {
    // Redirects Spark's own output, so that standard output contains results only.
    PrintStream results = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    Object builder =
        Class.forName("org.apache.spark.sql.SparkSession").getMethod("builder").invoke(null);
    Object session = call(builder, "getOrCreate", new Class<?>[0]);
    run(lines, session, results);
    call(session, "stop", new Class<?>[0]);
  }

  private static void run(Lines lines, Object session, PrintStream results) throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.isBlank()) {
        continue;
      }
      try {
        List<String> rows = lines.run(session, line);
        rows.forEach(row -> results.println(ROW + row));
        results.println(DONE + rows.size());
      } catch (Exception e) {
        Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
        results.println(FAILED + oneLine(cause == null ? e : cause));
      }
    }
  }

  /** Runs a statement. */
  public static List<String> sql(Object session, String statement)
      throws ReflectiveOperationException {
    Object table = call(session, "sql", new Class<?>[] {String.class}, statement);
    if (((String[]) call(table, "columns", new Class<?>[0])).length == 0) {
      return List.of();
    }
    Object rows =
        call(
            table,
            "selectExpr",
            new Class<?>[] {String[].class},
            (Object) new String[] {AS_JSON + " AS row"});
    return ((List<?>) call(rows, "collectAsList", new Class<?>[0]))
        .stream().map(SparkStatements::text).toList();
  }

  private static String text(Object row) {
    try {
      return (String) call(row, "getString", new Class<?>[] {int.class}, 0);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The code of a failure, and what it says. */
  private static String oneLine(Throwable failure) {
    String answer = "SPARK " + failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String mesh = meshCode(cause);
      if (mesh != null) {
        answer = mesh + " " + message(cause);
        break;
      }
      String condition = condition(cause);
      if (condition != null) {
        answer = condition + " " + message(cause) + because(cause);
      }
    }
    return answer.replace("\r", "").replace("\n", "\\n");
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage()).strip();
  }

  private static String because(Throwable failure) {
    return failure.getCause() == null ? "" : ": " + failure.getCause();
  }

  /** The code of an exception of the mesh; null for others. */
  private static @Nullable String meshCode(Throwable failure) {
    for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().equals("io.meshwork.error.MeshException")) {
        return answer(failure, "errorCode");
      }
    }
    return null;
  }

  /** Spark's error class, which later versions call a condition; null without one. */
  private static @Nullable String condition(Throwable failure) {
    String condition = answer(failure, "getCondition");
    return condition == null ? answer(failure, "getErrorClass") : condition;
  }

  private static @Nullable String answer(Throwable failure, String method) {
    try {
      Object answer = failure.getClass().getMethod(method).invoke(failure);
      return answer == null ? null : answer.toString();
    } catch (ReflectiveOperationException e) {
      return null; // it has no such method
    }
  }

  /** Calls a public method. */
  private static Object call(Object target, String name, Class<?>[] types, Object... arguments)
      throws ReflectiveOperationException {
    Method method = target.getClass().getMethod(name, types);
    return method.invoke(target, arguments);
  }
}
