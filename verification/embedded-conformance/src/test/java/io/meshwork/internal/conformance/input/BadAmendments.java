package io.meshwork.internal.conformance.input;

import static io.meshwork.internal.conformance.fixture.MeshFixture.ORDERS;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.Order;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** Contract amendments that would break consumers. */
final class BadAmendments {
  private final BadInputTable table;

  private BadAmendments(BadInputTable table) {
    this.table = table;
  }

  static void addTo(BadInputTable table) {
    BadAmendments rows = new BadAmendments(table);
    rows.columns();
  }

  private void columns() {
    changed(
        "27",
        "a required column that is dropped",
        List.of("customer"),
        "{'name':'customer','type':'string'},",
        "");
    changed(
        "28",
        "a long that becomes an int",
        List.of("id"),
        "{'name':'id','type':'long'}",
        "{'name':'id','type':'int'}");
    changed(
        "29",
        "a nullable column that becomes required",
        List.of("note"),
        "{'name':'note','type':['null','string'],'default':null}",
        "{'name':'note','type':'string'}");
    changed(
        "30",
        "a column whose name changes its case",
        List.of("customer", "Customer", "only by case", "Customer is new"),
        "'name':'customer'",
        "'name':'Customer'");
  }

  private void changed(String number, String what, List<String> expected, String old, String now) {
    List<String> facts = new ArrayList<>(expected);
    facts.addAll(List.of(ORDERS, "major", "Nothing was changed"));
    table.add(
        number,
        what,
        InvalidRequestException.class,
        ErrorCode.CHANGE_INCOMPATIBLE,
        facts,
        suite -> {
          String schema = Contract.of(Order.class).schema().toString().replace('"', '\'');
          if (!schema.contains(old)) {
            throw new AssertionError(schema);
          }
          Contract next =
              Contract.of(new Schema.Parser().parse(schema.replace(old, now).replace('\'', '"')));
          suite.shop().amendContract(ORDERS, next).commit();
        });
  }
}
