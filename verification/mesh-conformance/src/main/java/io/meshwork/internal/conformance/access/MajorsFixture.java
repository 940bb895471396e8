package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.conformance.fixture.PeopleFixture;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.util.Map;
import java.util.Optional;

/**
 * People in two major versions, whose states a test sets. Everything that writes them is here: the
 * documents are written by hand.
 */
abstract class MajorsFixture extends PeopleFixture {
  private static final ProductName PRODUCT = ProductName.of(PEOPLE);

  /**
   * People with columns id, email, and country, whose second major version has id, email, and
   * channel. It is prepared and has no rows; the first version is the current one.
   */
  final MeshClient shopOfTwoMajors() {
    MeshClient shop = shopOfPeople();
    addSecondMajor(people("id", "email", "channel"));
    return shop;
  }

  /** Adds a second major version with this contract, which is prepared. */
  final void addSecondMajor(Contract contract) {
    shop()
        .startRollout(PEOPLE)
        .contract(contract)
        .partitionBy(Partition.bucket(contract.schema().getFields().get(0).name(), 2))
        .because("Other partitions")
        .commit();
  }

  /** Sets the state of a major version, with other fields of its document. */
  final void setState(int major, String state, Map<String, String> fields) {
    Key key = RegistryKeys.major(PRODUCT, major);
    StringBuilder json =
        new StringBuilder(
            text(key).replaceAll("\"state\":\"[A-Z]+\"", "\"state\":\"" + state + '"'));
    json.setLength(json.length() - 1);
    fields.forEach((name, value) -> json.append(",\"").append(name).append("\":").append(value));
    put(key, json.append('}').toString());
  }

  final void setState(int major, String state) {
    setState(major, state, Map.of());
  }

  /** Makes a major version the one that is used where none is named. */
  final void makeCurrent(int major) {
    Key key = RegistryKeys.product(PRODUCT);
    put(key, text(key).replaceAll("\"currentMajor\":[0-9]+", "\"currentMajor\":" + major));
  }

  /** The second major version is active and the current one. */
  final void openSecondMajor() {
    setState(2, "ACTIVE");
    makeCurrent(2);
  }

  private String text(Key key) {
    return registry.read(key).orElseThrow().json();
  }

  final void put(Key key, String json) {
    Optional<Document> before = registry.read(key);
    Transaction.Builder change = Transaction.attempt(IdGenerator.secure(clock).next());
    write(
        before.isPresent()
            ? change.replace(key, json, before.get().version())
            : change.insert(key, json));
  }

  private void write(Transaction.Builder change) {
    assertThat(registry.commit(change.build())).isEqualTo(Outcome.COMMITTED);
  }
}
