package io.meshwork.examples.sparkpublish;

import io.meshwork.examples.spark.SparkStatements;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A program for Spark that also measures rows with Deequ: {@code DEEQU QUERY} measures the rows of
 * a query by checks that are the rules of {@link OrderRows#contract}, {@code DEEQU-KEYS QUERY} also
 * whether their IDs are unique. The result is one row with Deequ's metrics. {@code DEEQU-ROWS
 * QUERY} measures rows of which some break a rule, and makes them the view {@value #ROW_RESULTS},
 * with a column {@code rule_1} and so on: whether the row fits this rule. Like {@link
 * SparkStatements}, it refers to no class of Spark or Deequ.
 */
public final class DeequStatements {
  private static final String KEYS = "DEEQU-KEYS ";
  private static final String METRICS = "DEEQU ";
  private static final String ROWS = "DEEQU-ROWS ";

  /** The view with what Deequ says of each row. */
  static final String ROW_RESULTS = "deequ_row_results";

  /** The number of rules that each row must fit. */
  static final int ROW_RULES = 5;

  private DeequStatements() {}

  /** Runs statements until the input ends. */
  public static void main(String[] arguments) throws Exception {
    SparkStatements.run(DeequStatements::run);
  }

  private static List<String> run(Object session, String line) throws ReflectiveOperationException {
    if (line.startsWith(KEYS)) {
      return List.of(metrics(session, line.substring(KEYS.length()), true));
    }
    if (line.startsWith(ROWS)) {
      return List.of(rowResults(session, line.substring(ROWS.length())));
    }
    return line.startsWith(METRICS)
        ? List.of(metrics(session, line.substring(METRICS.length()), false))
        : SparkStatements.sql(session, line);
  }

  /** Measures the rows; fails if a check does. */
  private static String metrics(Object session, String query, boolean keys)
      throws ReflectiveOperationException {
    Object result = run(call(session, "sql", query), keys);
    if (call(result, "status").toString().equals("Error")) {
      throw new IllegalStateException("a check of Deequ failed");
    }
    return metrics(result);
  }

  private static String rowResults(Object session, String query)
      throws ReflectiveOperationException {
    Object rows = call(session, "sql", query);
    Object result = run(rows, false);
    Object results =
        call(
            type("com.amazon.deequ.VerificationResult"),
            "rowLevelResultsAsDataFrame",
            session,
            result,
            rows);
    call(results, "createOrReplaceTempView", ROW_RESULTS);
    return metrics(result);
  }

  private static Object run(Object rows, boolean keys) throws ReflectiveOperationException {
    Object suite = type("com.amazon.deequ.VerificationSuite").getConstructor().newInstance();
    Object run = call(suite, "onData", rows);
    for (Object check : rowChecks()) {
      run = call(run, "addCheck", check);
    }
    run = call(run, "addCheck", errors(keys));
    return call(call(run, "addCheck", warnings()), "run");
  }

  private static String metrics(Object result) throws ReflectiveOperationException {
    Object all = call(type("scala.collection.Seq$").getField("MODULE$").get(null), "empty");
    return "{\"metrics\":"
        + call(type("com.amazon.deequ.VerificationResult"), "successMetricsAsJson", result, all)
        + "}";
  }

  /** Checks of single rows, one for each rule, so that each row has a result for each. */
  private static List<Object> rowChecks() throws ReflectiveOperationException {
    Object none = call(type("scala.Option"), "empty");
    Object one = holding(value -> value.doubleValue() == 1);
    Object noNames = call(type("scala.collection.immutable.List"), "empty");
    return List.of(
        call(
            check("Error", "rule_1"), "isContainedIn", "weight", 0.0, 93.0, true, true, none, none),
        call(
            check("Error", "rule_2"),
            "satisfies",
            "code IS NULL OR code RLIKE '^[a-y]+$'",
            "pattern of code",
            one,
            none,
            noNames,
            none),
        call(
            check("Error", "rule_3"),
            "satisfies",
            "code IS NULL OR length(code) BETWEEN 1 AND 2",
            "length of code",
            one,
            none,
            noNames,
            none),
        call(check("Error", "rule_4"), "isLessThanOrEqualTo", "discount", "amount", one, none),
        call(check("Error", "rule_5"), "isNonNegative", "amount", one, none));
  }

  private static Object errors(boolean keys) throws ReflectiveOperationException {
    Object none = call(type("scala.Option"), "empty");
    Object check = check("Error", "orders");
    check =
        call(
            check,
            "hasCompleteness",
            "weight",
            holding(share -> share.doubleValue() >= 0.5),
            none,
            none);
    check = call(check, "hasSum", "amount", holding(sum -> within(sum, 0, 9_000_000_000.0)), none);
    check = call(check, "hasSize", holding(size -> within(size, 1, 10_000_000)), none);
    if (!keys) {
      return check;
    }
    check = call(check, "isUnique", "id", none, none);
    // Where the keys are, by which Iceberg then finds the files of the table that may have them.
    Object any = holding(value -> true);
    return call(call(check, "hasMin", "id", any, none, none), "hasMax", "id", any, none, none);
  }

  private static Object warnings() throws ReflectiveOperationException {
    Object none = call(type("scala.Option"), "empty");
    Object check = check("Warning", "orders to look at");
    check = call(check, "isComplete", "weight", none, none);
    check = call(check, "hasMean", "weight", holding(mean -> within(mean, 10, 80)), none);
    Object small = holding(deviation -> within(deviation, 0, 20));
    return call(check, "hasStandardDeviation", "weight", small, none);
  }

  private static Object check(String level, String description)
      throws ReflectiveOperationException {
    Class<?> check = type("com.amazon.deequ.checks.Check");
    Object none = call(type("scala.collection.Seq$").getField("MODULE$").get(null), "empty");
    return check.getConstructors()[0].newInstance(
        call(type("com.amazon.deequ.checks.CheckLevel"), level), description, none);
  }

  private static boolean within(Number value, double least, double most) {
    return value.doubleValue() >= least && value.doubleValue() <= most;
  }

  /** The condition as a function of Scala; the names of its variants for numbers start alike. */
  private static Object holding(Predicate<Number> condition) throws ReflectiveOperationException {
    Class<?> function = type("scala.Function1");
    return Proxy.newProxyInstance(
        function.getClassLoader(),
        new Class<?>[] {function},
        (proxy, method, arguments) ->
            method.getName().startsWith("apply")
                ? (Object) condition.test((Number) arguments[0])
                : method.invoke(condition, arguments));
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, true, Thread.currentThread().getContextClassLoader());
  }

  /** Calls the public method that takes such arguments, of an object or of a class. */
  private static Object call(Object target, String name, Object... arguments)
      throws ReflectiveOperationException {
    Class<?> owner = target instanceof Class<?> type ? type : target.getClass();
    Method match =
        Arrays.stream(owner.getMethods())
            .filter(method -> method.getName().equals(name))
            .filter(method -> fits(method.getParameterTypes(), arguments))
            .findFirst()
            .orElseThrow(() -> new NoSuchMethodException(owner.getName() + "." + name));
    return match.invoke(target, arguments);
  }

  private static boolean fits(Class<?>[] types, Object[] arguments) {
    boolean fits = types.length == arguments.length;
    for (int i = 0; fits && i < types.length; i++) {
      fits = types[i].isPrimitive() || types[i].isInstance(arguments[i]);
    }
    return fits;
  }
}
