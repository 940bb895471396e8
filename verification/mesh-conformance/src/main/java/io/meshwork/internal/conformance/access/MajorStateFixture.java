package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A product with two major versions and its readers, for the suites of states and rights. */
abstract class MajorStateFixture extends MajorsFixture {
  static final Principal ETL = Principal.of("finance", "etl");
  static final Principal ANALYST = Principal.of("finance", "analyst");
  static final String LINK = "finance_db.people";

  MeshClient finance() {
    return as("finance");
  }

  static List<Map<String, String>> persons(String id, String other) {
    return List.of(Map.of("id", id, "email", id + "@example.org", other, "x"));
  }

  List<Object> ids(MeshClient client, int major) {
    return all(client.read(PEOPLE).majorVersion(major).asMaps()).stream()
        .map(person -> person.get("id"))
        .toList();
  }

  void grantAll() {
    shop().grant(PEOPLE).to(ETL).because("They bill.").commit();
  }

  static void assertFails(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MeshException.class, failure -> assertThat(failure.errorCode()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }
}
