package io.meshwork.internal.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetails.ConsumerAnswer;
import io.meshwork.internal.event.EventDetails.NewSnapshot;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.rollout.RolloutLog.CopiedRows;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.Input;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.rollout.Rollout;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RolloutLogTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");

  static MeshEvent event(String type, ObjectNode details) {
    ObjectNode entry = DocumentJson.create();
    entry.put("sequence", 7).put("at", "2026-11-20T08:00:00Z").put("event", type);
    entry.put("principal", "commerce/etl").put("subject", ORDERS.toString());
    entry.set("details", details);
    return MeshEvent.fromJson(ORDERS.toString(), DocumentJson.write(entry));
  }

  private static RolloutLog random(Random random) {
    RolloutLog log =
        RolloutLog.of(
            ORDERS,
            1 + random.nextInt(9),
            1 + random.nextInt(3),
            random.nextBoolean() ? OptionalInt.of(2 + random.nextInt(3)) : OptionalInt.empty(),
            random.nextBoolean() ? Rollout.State.PARALLEL : Rollout.State.PLANNED);
    if (random.nextBoolean()) {
      log = log.withReason("Amounts \"with\" tax, größer");
    }
    if (random.nextBoolean()) {
      log = log.withRetireAfter(LocalDate.of(2027, 1, 1).plusDays(random.nextInt(400)));
    }
    if (random.nextBoolean()) {
      log = log.withConsumer(random.nextBoolean() ? "finance/revenue" : "finance/@");
    }
    if (random.nextBoolean()) {
      log = log.withDomainOwner();
    }
    return random.nextBoolean() ? log.withAnswer(ConsumerAnswer.COUNTERED) : log;
  }

  @Test
  void everyEventOfARolloutIsReadBackAsItWasWritten() {
    for (RolloutLog.Event event : RolloutLog.Event.values()) {
      for (long seed = 0; seed < 50; seed++) {
        RolloutLog log = random(new Random(seed));

        assertThat(
                EventDetailsCodec.detailsOf(
                    event(event.text(), DocumentCodec.toJson(log.details()))))
            .as("%s with seed %d", event, seed)
            .isEqualTo(log.details());
      }
    }
  }

  @Test
  void theEventsOfARolloutAreThoseThatMeshEventNames() {
    Set<String> written =
        Stream.of(RolloutLog.Event.values())
            .map(RolloutLog.Event::text)
            .collect(Collectors.toSet());

    Set<String> read =
        Stream.of(MeshEvent.Type.values())
            .map(MeshEvent.Type::text)
            .filter(text -> text.startsWith("rollout."))
            .collect(Collectors.toSet());

    assertThat(written).isEqualTo(read);
  }

  @Test
  void aBackFillIsReadAsACommitOfRowsThatCameFromTheOtherMajorVersion() {
    CopiedRows rows =
        new CopiedRows(
            "0198e0f0-0000-7000-8000-000000000000",
            2,
            ContractVersion.parse("2.0.0"),
            90,
            10,
            3,
            2,
            PublishMode.BACK_FILL,
            new NewSnapshot("815", 3, 190),
            List.of(new Input(ORDERS, ContractVersion.parse("1.4.0"), "4711", List.of())));
    ObjectNode logged = DocumentCodec.toJson(rows);
    assertThat(logged)
        .hasToString(
            "{\"publishId\":\"0198e0f0-0000-7000-8000-000000000000\",\"major\":2,"
                + "\"contractVersion\":\"2.0.0\",\"rowsAccepted\":90,\"rowsQuarantined\":10,"
                + "\"rowsRemoved\":3,\"files\":2,\"mode\":\"back-fill\",\"snapshotId\":\"815\","
                + "\"sequence\":3,\"rowsTotal\":190,\"derivedFrom\":[{\"product\":\""
                + ORDERS
                + "\",\"contractVersion\":\"1.4.0\",\"snapshotId\":\"4711\",\"columns\":[]}]}");

    EventDetails.TableCommit commit =
        (EventDetails.TableCommit)
            EventDetailsCodec.detailsOf(event(MeshEvent.Type.PRODUCT_BACK_FILLED.text(), logged));

    assertThat(commit.publishId()).isEqualTo(rows.publishId());
    assertThat(commit.mode()).contains("back-fill");
    assertThat(commit.majors()).hasSize(1);
    EventDetails.MajorCommit major = commit.majors().get(0);
    assertThat(major.major()).isEqualTo(2);
    assertThat(major.rowsAccepted()).isEqualTo(90);
    assertThat(major.rowsQuarantined()).isEqualTo(10);
    assertThat(major.rowsRemoved()).isEqualTo(3);
    assertThat(major.snapshot()).isEqualTo(Optional.of(new NewSnapshot("815", 3, 190)));
    assertThat(major.derivedFrom())
        .isEqualTo(List.of(new Input(ORDERS, ContractVersion.parse("1.4.0"), "4711", List.of())));
  }
}
