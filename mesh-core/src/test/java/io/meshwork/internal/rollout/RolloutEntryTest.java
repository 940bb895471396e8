package io.meshwork.internal.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.internal.ledger.TestMesh.Order;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry.ExcludedRows;
import io.meshwork.internal.rollout.RolloutEntry.Kind;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.Rollout.State;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The document of a rollout. */
class RolloutEntryTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");
  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

  private static final LocalDate DATE = LocalDate.parse("2026-12-20");

  private static final RolloutEntry STARTED =
      new RolloutEntry(
          ORDERS,
          3,
          1,
          OptionalInt.of(2),
          Optional.empty(),
          new ContractVersion(2, 0, 0),
          State.PLANNED,
          "Cents",
          DATE,
          NOW,
          RolloutEntry.Dates.NONE,
          Differences.NONE,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          RetirementEntry.NONE,
          List.of());

  @Test
  void aRolloutIsReadAsItWasWritten() {
    RolloutEntry full =
        new RolloutEntry(
            ORDERS,
            3,
            1,
            OptionalInt.of(2),
            Optional.empty(),
            new ContractVersion(2, 0, 0),
            State.PARALLEL,
            "Cents",
            DATE,
            NOW,
            RolloutEntry.Dates.NONE
                .announced(NOW, Period.ofMonths(3))
                .synchronizedAt(NOW.plusSeconds(1))
                .closed(Optional.of(NOW.plusSeconds(2)))
                .retired(Optional.of(NOW.plusSeconds(3))),
            Differences.NONE.with(new RowDifference(RowDifference.Reason.UNFIT, 1, 7, "", NOW), 5),
            Optional.of(new ExcludedRows("cents < 0", "Refunds")),
            Optional.of("No cents"),
            Optional.empty(),
            RetirementEntry.NONE
                .retired(Optional.of("17"), List.of("finance/late"), "9")
                .purged(NOW.plusSeconds(4)),
            List.of());

    RolloutEntry restored =
        full.retirement(
            full.retirement()
                .restored(false, full.dates().retiredAt())
                .withRestoration(new RetirementEntry.Restoration(NOW, "A report needs it")));
    assertThat(restored.retirement().isBehind()).isTrue();
    assertThat(restored.retirement().overridden()).isEmpty();
    for (RolloutEntry entry : List.of(STARTED, full, full.aborted("Wrong unit"), restored)) {
      assertThat(RolloutEntry.of(stored(entry.toDocument(Optional.empty())))).isEqualTo(entry);
    }
    assertThat(STARTED.in(State.PARALLEL).dated(full.dates()).dates()).isEqualTo(full.dates());
    assertThat(full.aborted("Wrong unit").state()).isEqualTo(State.ABORTED);
  }

  @Test
  void aRewrittenRolloutKeepsFieldsThatThisVersionDoesNotKnow() {
    ObjectNode newer = STARTED.toDocument(Optional.empty()).put("later", "kept");

    assertThat(STARTED.aborted("No").toDocument(Optional.of(stored(newer))).path("later").asText())
        .isEqualTo("kept");
  }

  @Test
  void anEndIsReadAsItWasWritten() {
    MajorVersion other = new MajorVersion(ProductName.of("sales/orders"), 4);
    for (Optional<MajorVersion> successor :
        List.of(Optional.<MajorVersion>empty(), Optional.of(other))) {
      RolloutEntry end =
          new RolloutEntry(
              ORDERS,
              3,
              1,
              OptionalInt.empty(),
              successor,
              new ContractVersion(1, 2, 0),
              State.CLOSING,
              "Letters",
              DATE,
              NOW,
              RolloutEntry.Dates.NONE.announced(NOW, Period.ofMonths(3)),
              Differences.NONE,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              RetirementEntry.NONE,
              List.of());

      RolloutEntry read = RolloutEntry.of(stored(end.toDocument(Optional.empty())));

      assertThat(read).isEqualTo(end);
      assertThat(read.endsProduct()).isTrue();
      assertThat(read.newMajor()).isEmpty();
      assertThat(read.elsewhere()).isEqualTo(successor);
      assertThat(read.terms().orElseThrow().elsewhere()).isEqualTo(successor);
    }
    assertThat(STARTED.endsProduct()).isFalse();
    assertThat(STARTED.elsewhere()).isEmpty();
  }

  @Test
  void anAmendmentIsReadAsItWasWritten() {
    List<AmendedTerm> terms =
        List.of(
            new AmendedTerm("freshWithin", Optional.of("PT1H"), Optional.empty()),
            new AmendedTerm("noticePeriod", Optional.of("P30D"), Optional.of("P7D")));
    RolloutEntry amendment =
        new RolloutEntry(
            ORDERS,
            3,
            1,
            OptionalInt.empty(),
            Optional.empty(),
            new ContractVersion(1, 1, 0),
            State.ANNOUNCED,
            "Four times a day",
            DATE,
            NOW,
            RolloutEntry.Dates.NONE.announced(NOW, Period.ofMonths(3)),
            Differences.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            RetirementEntry.NONE,
            terms);

    RolloutEntry later =
        amendment.proposing(DATE.plusDays(1)).amended(new ContractVersion(1, 2, 0), NOW);
    for (RolloutEntry entry : List.of(amendment, later)) {
      assertThat(RolloutEntry.of(stored(entry.toDocument(Optional.empty())))).isEqualTo(entry);
      assertThat(entry.amendedTerms()).isEqualTo(terms);
      assertThat(entry.kind()).isEqualTo(Kind.AMENDMENT);
      assertThat(entry.endsProduct()).isFalse();
      assertThat(entry.newMajor()).isEmpty();
      assertThatIllegalStateException().isThrownBy(entry::to).withMessageContaining("AMENDMENT");
    }
    assertThat(amendment.terms().orElseThrow().withoutSuccessor()).isFalse();
    assertThat(amendment.amendment())
        .isEqualTo("freshWithin from PT1H to nothing, and noticePeriod from P30D to P7D");
    Contract contract =
        Contract.of(Order.class).freshWithin(Duration.ofHours(1)).description("Orders");
    Contract after = Contract.of(Order.class).noticePeriod(Period.ofDays(7)).description("Orders");
    assertThat(amendment.applyTo(contract)).isEqualTo(after);
    assertThat(RolloutEntry.retainTerms(List.of(amendment), contract, after)).isEqualTo(contract);
    assertThat(RolloutEntry.retainTerms(List.of(later), after, contract)).isEqualTo(after);
    assertThat(RolloutEntry.retainTerms(List.of(amendment.aborted("No")), contract, after))
        .isEqualTo(after);
  }

  private static VersionedDocument stored(ObjectNode json) {
    return new VersionedDocument(new Key("commerce/orders", "rollout/3"), json, "1");
  }
}
