package io.meshwork.internal.conformance.input;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;

/** Schemas that a contract cannot have. */
final class BadSchemas {
  private static final String MAP = "{'type':'map','values':'long'}";

  private final BadInputTable table;

  private BadSchemas(BadInputTable table) {
    this.table = table;
  }

  static void addTo(BadInputTable table) {
    BadSchemas rows = new BadSchemas(table);
    rows.schemas();
    rows.sizes();
  }

  private void schema(String number, String what, List<String> expected, String avro) {
    List<String> facts = new ArrayList<>(expected);
    facts.add("Nothing was changed");
    table.add(
        number,
        what,
        InvalidRequestException.class,
        ErrorCode.SCHEMA_UNSUPPORTED,
        facts,
        define(avro));
  }

  private void schemas() {
    schema(
        "31",
        "a recursive schema",
        List.of("next", "Node", "recursively", "TYPE_RECURSIVE", "key column"),
        "{'type':'record','name':'Node','fields':[{'name':'id','type':'long'},"
            + "{'name':'next','type':['null','Node']}]}");
    schema(
        "33",
        "a decimal of 39 digits",
        List.of("price", "decimal", "TYPE_LOGICAL", "at most 38 digits"),
        "{'type':'record','name':'R','fields':[{'name':'price','type':"
            + "{'type':'bytes','logicalType':'decimal','precision':39,'scale':2}}]}");
    schema(
        "30",
        "two names that are equal ignoring case",
        List.of("Price", "from price", "only by case", "NAME_ILLEGAL", "Use names"),
        "{'type':'record','name':'R','fields':[{'name':'price','type':'long'},"
            + "{'name':'Price','type':'long'}]}");
    for (String property : List.of("java-class", "java-key-class", "java-element-class")) {
      schema(
          "35",
          "the property " + property,
          List.of("name", property, "names a class to load", "CLASS_LOADING_REFUSED", "Remove"),
          "{'type':'record','name':'R','fields':[{'name':'name','type':"
              + "{'type':'string','"
              + property
              + "':'evil.Gadget'}}]}");
    }
    schema(
        "32",
        "a union of many types",
        List.of("mixed", "TYPE_UNION"),
        "{'type':'record','name':'R','fields':[{'name':'mixed','type':['null','int','string']}]}");
    table.add(
        "31",
        "a recursive schema that was parsed by the caller",
        InvalidRequestException.class,
        ErrorCode.SCHEMA_UNSUPPORTED,
        List.of("Node", "TYPE_RECURSIVE"),
        suite -> {
          Schema node = Schema.createRecord("Node", null, null, false);
          node.setFields(List.of(new Schema.Field("next", node)));
          suite.shop().defineProduct("commerce/others").contract(Contract.of(node)).commit();
        });
  }

  private void sizes() {
    large("10,001 columns", "more than 10000 leaf columns", columns(10_001, "'long'"));
    large("5,001 maps", "more than 10000 leaf columns", columns(5_001, MAP));
    large(
        "5,000 levels",
        "deeper than 32",
        "{'name':'c','type':"
            + "{'type':'array','items':".repeat(5_000)
            + "'long'"
            + "}".repeat(5_000)
            + "}");
  }

  private void large(String what, String fact, String fields) {
    table.add(
        "34",
        what,
        InvalidRequestException.class,
        ErrorCode.LIMIT_EXCEEDED,
        List.of(fact, "SCHEMA_TOO_LARGE", "Nothing was changed"),
        define("{'type':'record','name':'R','fields':[" + fields + "]}"));
  }

  private static String columns(int count, String type) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{'name':'c" + i + "','type':" + type + "}")
        .collect(Collectors.joining(","));
  }

  private static BadInput.Attempt define(String avro) {
    return suite -> {
      Path file = suite.scratch.resolve("schema.avsc");
      Files.writeString(file, avro.replace('\'', '"'));
      suite.shop().defineProduct("commerce/others").contract(Contract.fromAvro(file)).commit();
    };
  }
}
