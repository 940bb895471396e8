package io.meshwork.internal.conformance.input;

import static io.meshwork.internal.conformance.fixture.MeshFixture.CANARY;
import static io.meshwork.internal.conformance.fixture.MeshFixture.ORDERS;

import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.SensorReading;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Supplier;

/** Contradictory contracts, and texts that are not contracts. */
final class BadContracts {
  private final BadInputTable table;

  private BadContracts(BadInputTable table) {
    this.table = table;
  }

  static void addTo(BadInputTable table) {
    BadContracts rows = new BadContracts(table);
    rows.rules();
    rows.filters();
    rows.bounds();
    rows.terms();
    rows.texts();
  }

  private void contract(
      String number,
      String what,
      ErrorCode code,
      List<String> expected,
      Supplier<Contract> contract) {
    table.add(
        number,
        what,
        InvalidRequestException.class,
        code,
        expected,
        suite -> suite.shop().defineProduct("commerce/others").contract(contract.get()).commit());
  }

  private static Contract orders() {
    return Contract.of(Order.class);
  }

  private void rules() {
    contract(
        "21",
        "a rule on a column that is not there",
        ErrorCode.CONTRACT_INVALID,
        List.of("column amuont does not exist", "the nearest are amount", "Use a column"),
        () -> orders().require(Rule.atLeast("amuont", 0)));
    contract(
        "21",
        "two rules that do not fit",
        ErrorCode.CONTRACT_INVALID,
        List.of("2 rules do not fit", "column x does not exist", "column y does not exist"),
        () -> orders().require(Rule.notNull("x"), Rule.notNull("y")));
    contract(
        "22",
        "an expression that is not valid",
        ErrorCode.RULE_INVALID,
        List.of("matches.customer", "is not valid", "index 0", "RE2"),
        () -> orders().require(Rule.matches("customer", "(" + CANARY)));
    contract(
        "22",
        "an expression that repeats too much",
        ErrorCode.RULE_INVALID,
        List.of("matches.customer", "more than 10000 states", "smaller counts"),
        () -> orders().require(Rule.matches("customer", "((a{100}){100}){100}")));
    contract(
        "22",
        "an expression that is too long",
        ErrorCode.RULE_INVALID,
        List.of("matches.customer", "more than 1000 characters", "shorter"),
        () -> orders().require(Rule.matches("customer", "a".repeat(1_001))));
    for (double percent : new double[] {101, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      contract(
          "23",
          "a tolerance of " + percent + " %",
          ErrorCode.RULE_INVALID,
          List.of("notNull.note", "between 0 and 100", "0 to 100 percent"),
          () -> orders().require(Rule.notNull("note").toleratePercent(percent)));
      contract(
          "23",
          "a share to quarantine of " + percent + " %",
          ErrorCode.CONTRACT_INVALID,
          List.of("maxQuarantineShare", "0 to 100 percent"),
          () -> orders().maxQuarantineShare(percent));
    }
  }

  private void filters() {
    contract(
        "21",
        "a rule whose filter names a column that is not there",
        ErrorCode.CONTRACT_INVALID,
        List.of("notNull.note", "amuont", "amount"),
        () -> orders().require(Rule.notNull("note").where("amuont > 0")));
    contract(
        "21",
        "a rule on a field of a column that has none",
        ErrorCode.CONTRACT_INVALID,
        List.of("notNull.customer.name", "customer.name", "'customer' has no fields"),
        () -> orders().require(Rule.notNull("customer.name")));
    contract(
        "21",
        "a rule whose filter is not valid",
        ErrorCode.CONTRACT_INVALID,
        List.of("notNull.note", "filter"),
        () -> orders().require(Rule.notNull("note").where("amount >> " + CANARY)));
    contract(
        "22",
        "a filter that is too long",
        ErrorCode.RULE_INVALID,
        List.of("notNull.note", "characters", "Use a filter"),
        () -> orders().require(Rule.notNull("note").where("amount > 0".repeat(10_000))));
    contract(
        "22",
        "a rule whose text is not valid",
        ErrorCode.RULE_INVALID,
        List.of("Cannot create the rule", "have no end"),
        () -> orders().require(Rule.parse("between(amount, 0, 1")));
  }

  private void bounds() {
    for (double percent : new double[] {101, -1}) {
      contract(
          "23",
          "a completeness of " + percent + " %",
          ErrorCode.RULE_INVALID,
          List.of("completeness", "0 to 100"),
          () -> orders().require(Rule.completeness("note", percent)));
    }
    contract(
        "23",
        "a completeness that is not a number",
        ErrorCode.RULE_INVALID,
        List.of("completeness(note)", "NaN"),
        () -> orders().require(Rule.completeness("note", Double.NaN)));
    contract(
        "23",
        "a mean that is bounded by NaN",
        ErrorCode.RULE_INVALID,
        List.of("mean(amount)", "NaN"),
        () -> orders().require(Rule.mean("amount", Double.NaN, null)));
    contract(
        "23",
        "a range that ends before it begins",
        ErrorCode.RULE_INVALID,
        List.of("between(amount)", "low end is above its high end", "Swap"),
        () -> orders().require(Rule.between("amount", 2, 1)));
    contract(
        "23",
        "deviations that are not a number",
        ErrorCode.RULE_INVALID,
        List.of("steady", "deviations"),
        () -> orders().require(Rule.steady("rowCount", Double.NaN, 10)));
    contract(
        "-",
        "two rules of one id",
        ErrorCode.CONTRACT_INVALID,
        List.of("another rule has the same id", "notNull.note"),
        () -> orders().require(Rule.notNull("note"), Rule.notNull("note").warn()));
    contract(
        "-",
        "a literal of another type than its column",
        ErrorCode.CONTRACT_INVALID,
        List.of("inSet.id", "literal number 1 is a string", "long"),
        () -> orders().require(Rule.inSet("id", CANARY)));
  }

  private void terms() {
    contract(
        "43",
        "a primary key of a double",
        ErrorCode.CONTRACT_INVALID,
        List.of("primary key", "Column degrees", "double", "float and double"),
        () -> Contract.of(SensorReading.class).primaryKey("degrees"));
    record Amount(@Column(precision = 10, scale = 2) BigDecimal amount) {}
    table.add(
        "24",
        "another contract for a product that is there",
        AlreadyExistsException.class,
        ErrorCode.ALREADY_EXISTS,
        List.of(ORDERS, "version 1.0.0", "its contract differs", "Nothing was changed"),
        suite -> suite.shop().defineProduct(ORDERS).contract(Contract.of(Amount.class)).commit());
  }

  private void texts() {
    text("19", "no schema", ErrorCode.CONTRACT_INVALID, "{}", "'schema' is missing");
    text("25", "depth", ErrorCode.LIMIT_EXCEEDED, nested(5_000), "deeper than 1000 levels");
    text(
        "25",
        "a number of 100,000 digits",
        ErrorCode.LIMIT_EXCEEDED,
        "{\"maxQuarantineShare\":" + "7".repeat(100_000) + "}",
        "more than 1000 digits");
    text(
        "26",
        "trailing tokens",
        ErrorCode.CONTRACT_INVALID,
        "{} " + CANARY,
        "malformed",
        "character 3");
    text("26", "NaN", ErrorCode.CONTRACT_INVALID, "{\"x\":NaN}", "malformed", "character");
  }

  private static String nested(int depth) {
    return "{\"x\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  private void text(String number, String what, ErrorCode code, String json, String... expected) {
    contract(
        number,
        "a contract's text with " + what,
        code,
        List.of(expected),
        () -> Contract.fromJson(json));
  }
}
