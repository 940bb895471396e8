package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.conformance.fixture.PeopleFixture;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * People in two major versions, whose states a test sets. Everything that writes them is here: the
 * documents are written by hand.
 */
final class PeopleInTwoMajors {
  static final Principal ETL = Principal.of("finance", "etl");
  static final Principal ANALYST = Principal.of("finance", "analyst");
  static final String LINK = "finance_db.people";
  private static final ProductName PRODUCT = ProductName.of(PeopleFixture.PEOPLE);

  private final PeopleFixture people;

  PeopleInTwoMajors(PeopleFixture people) {
    this.people = people;
  }

  /**
   * People with columns id, email, and country, whose second major version has id, email, and
   * channel. It is prepared and has no rows; the first version is the current one.
   */
  MeshClient shopOfTwoMajors() {
    MeshClient shop = people.shopOfPeople();
    addSecondMajor(PeopleFixture.people("id", "email", "channel"));
    return shop;
  }

  /** Adds a second major version with this contract, which is prepared. */
  void addSecondMajor(Contract contract) {
    people
        .shop()
        .startRollout(PeopleFixture.PEOPLE)
        .contract(contract)
        .partitionBy(Partition.bucket(contract.schema().getFields().get(0).name(), 2))
        .because("Other partitions")
        .commit();
  }

  /** Sets the state of a major version, with other fields of its document. */
  void setState(int major, String state, Map<String, String> fields) {
    Key key = RegistryKeys.major(PRODUCT, major);
    StringBuilder json =
        new StringBuilder(
            text(key).replaceAll("\"state\":\"[A-Z]+\"", "\"state\":\"" + state + '"'));
    json.setLength(json.length() - 1);
    fields.forEach((name, value) -> json.append(",\"").append(name).append("\":").append(value));
    put(key, json.append('}').toString());
  }

  void setState(int major, String state) {
    setState(major, state, Map.of());
  }

  /** Makes a major version the one that is used where none is named. */
  void makeCurrent(int major) {
    Key key = RegistryKeys.product(PRODUCT);
    put(key, text(key).replaceAll("\"currentMajor\":[0-9]+", "\"currentMajor\":" + major));
  }

  /** The second major version is active and the current one. */
  void openSecondMajor() {
    setState(2, "ACTIVE");
    makeCurrent(2);
  }

  private String text(Key key) {
    return people.registry.read(key).orElseThrow().json();
  }

  void put(Key key, String json) {
    Optional<Document> before = people.registry.read(key);
    Transaction.Builder change = Transaction.attempt(IdGenerator.secure(people.clock).next());
    write(
        before.isPresent()
            ? change.replace(key, json, before.get().version())
            : change.insert(key, json));
  }

  private void write(Transaction.Builder change) {
    assertThat(people.registry.commit(change.build())).isEqualTo(Outcome.COMMITTED);
  }

  MeshClient finance() {
    return people.as("finance");
  }

  static List<Map<String, String>> persons(String id, String other) {
    return List.of(Map.of("id", id, "email", id + "@example.org", other, "x"));
  }

  List<Object> ids(MeshClient client, int major) {
    return PeopleFixture.all(client.read(PeopleFixture.PEOPLE).majorVersion(major).asMaps())
        .stream()
        .map(person -> person.get("id"))
        .toList();
  }

  void grantAll() {
    people.shop().grant(PeopleFixture.PEOPLE).to(ETL).because("They bill.").commit();
  }

  static void assertFails(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MeshException.class, failure -> assertThat(failure.errorCode()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }
}
