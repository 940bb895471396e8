package io.meshwork.internal.conformance.maintenance;

import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.REPLY_LOST;
import static io.meshwork.internal.conformance.fixture.ScriptedRegistry.Fault.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.internal.table.WriterRecords;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The registry knows which processes wrote the files of a product. */
public abstract class FileWritersSuite extends RetirementFixture {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private List<Document> records() {
    return registry.documents().values().stream()
        .filter(document -> document.key().sort().startsWith("writers/"))
        .toList();
  }

  private WriterRecords writers() {
    MeshRuntime runtime =
        new MeshRuntime(
            clock,
            IdGenerator.seeded(clock, 99),
            Sleeper.real(),
            Runnable::run,
            Duration.ofMinutes(1));
    return WriterRecords.of(new Ledger(registry, runtime), "commerce/orders");
  }

  /** The IDs of publishes and attempts in the names of the files of tables. */
  private Set<String> idsOfFiles() {
    Set<String> ids = new TreeSet<>();
    for (String file : files.present().keySet()) {
      String name = file.substring(file.lastIndexOf('/') + 1);
      if (file.contains("/orders_v") && !name.startsWith("snap-")) {
        ID.matcher(name).results().map(MatchResult::group).forEach(ids::add);
      }
    }
    ids.removeIf(id -> IdGenerator.time(id).isEmpty());
    return ids;
  }

  private void assertAllFilesAreCovered() {
    WriterRecords writers = writers();
    assertThat(idsOfFiles()).isNotEmpty().allMatch(writers::include);
  }

  @Test
  void allFilesOfAProductAreOfRecordedProcesses() {
    defineOrders(
        Contract.of(Order.class)
            .require(Rule.atLeast("id", 0))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(60));
    assertAllFilesAreCovered();
    toOrders().records(Order.range(-1, 4)).commit();
    publishOneByOne(4, 9);
    toOrders().records(Order.range(9, 10)).stage();
    shop().stagedPublishes(ORDERS).get(0).promote().commit();
    shop().erase(ORDERS).where("id = 1").because("They asked.").commit();
    assertAllFilesAreCovered();
    clock.advance(Duration.ofDays(3));
    maintain();
    assertAllFilesAreCovered();
    assertThat(records()).hasSize(1);
    assertWhole();
  }

  @Test
  void aBackFilledMajorVersionIsOfARecordedProcess() {
    retired();

    assertAllFilesAreCovered();
    assertThat(records()).hasSize(1);
  }

  @Test
  void eachProcessIsRecordedForTheProductsThatItWrites() {
    defineOrders();
    shop().defineProduct("commerce/carts").contract(Contract.of(Order.class)).commit();
    publishOneByOne(0, 3);
    orders();
    mesh.doctor();
    maintain();

    assertThat(records())
        .extracting(document -> document.key().partition())
        .containsExactly("commerce/carts", "commerce/orders");
    Key key = records().get(0).key();
    assertThat(records()).extracting(document -> document.key().sort()).containsOnly(key.sort());
  }

  @Test
  void aDryRunAndAPlanRecordNothing() {
    defineOrders();
    publishOneByOne(0, 1);
    clock.advance(Duration.ofHours(2));
    State before = state();

    toOrders().records(Order.range(1, 2)).plan();
    shop().startRollout(ORDERS).contract(SECOND).because("x").plan();

    assertNothingChanged(before);
  }

  @Test
  void aLostAnswerToTheRecordOfAWriterLeavesNoDoubtOfThePublish() {
    defineOrders();
    publishOneByOne(0, 1);
    clock.advance(Duration.ofHours(2));
    State before = state();
    registry.resolving(false);
    registry.next(REPLY_LOST, REPLY_LOST);

    assertThatThrownBy(() -> publishOneByOne(1, 2))
        .isInstanceOf(BackendException.class)
        .hasMessageContainingAll("answers were lost", "Nothing else was done", "Run it again");

    assertThat(state().files()).isEqualTo(before.files());
    registry.next(REPLY_LOST);
    publishOneByOne(1, 2);
    assertAllFilesAreCovered();
    assertWhole();
  }

  @Test
  void nothingIsPublishedIfTheWriterCannotBeRecorded() {
    defineOrders();
    publishOneByOne(0, 1);
    clock.advance(Duration.ofHours(2));
    State before = state();
    registry.always(UNAVAILABLE);

    assertThatThrownBy(() -> publishOneByOne(1, 2)).isInstanceOf(MeshException.class);

    registry.next();
    assertThat(state().files()).isEqualTo(before.files());
    publishOneByOne(1, 2);
    assertAllFilesAreCovered();
    assertWhole();
  }

  @Test
  void maintenanceRemovesTheRecordOfAProcessAMonthAfterTheLastOfItsFiles() {
    defineOrders();
    toOrders().records(Order.range(0, 1)).commit();
    Key ended = new Key("commerce/orders", "writers/0badcafe");
    registry.commit(
        Transaction.attempt(IdGenerator.secure(clock).next().replaceFirst("-7", "-8"))
            .insert(ended, records().get(0).json().replaceAll("[0-9a-f]{8}\"", "0badcafe\""))
            .build());
    clock.advance(Duration.ofDays(29));
    maintain();
    assertThat(registry.read(ended)).isPresent();

    clock.advance(Duration.ofDays(3));
    maintain();

    assertThat(registry.read(ended)).isEmpty();
    assertThat(records()).hasSize(1);
    assertAllFilesAreCovered();
    assertWhole();
  }
}
