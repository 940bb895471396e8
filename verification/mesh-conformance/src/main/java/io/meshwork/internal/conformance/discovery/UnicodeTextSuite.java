package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Text with lone surrogates cannot be stored unchanged and is rejected everywhere. */
public abstract class UnicodeTextSuite extends MeshFixture {
  /** A lone surrogate. */
  private static final String HALF = "half \uD83D of one";

  private static final String WORDS = "commerce/words";

  record Word(long id, String text) {}

  @Test
  void keysThatDifferInLoneSurrogatesAreDistinct() {
    defineOrders();
    State before = state();
    for (String key : List.of("day-\uD800", "day-\uD801", "\uDC00day", "day-\uDC00\uD800")) {
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () -> toOrders().records(Order.range(0, 3)).idempotencyKey(key).commit(),
          "idempotencyKey",
          "position");
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () -> shop().publishHistory(ORDERS).findReceipt(key),
          "idempotencyKey");
    }
    assertNothingChanged(before);

    assertThat(toOrders().records(Order.range(0, 3)).idempotencyKey("day-?").commit().replayed())
        .isFalse();
    assertThat(toOrders().records(Order.range(3, 6)).idempotencyKey("day-\uD83D\uDE00").commit())
        .extracting(PublishReceipt::replayed)
        .isEqualTo(false);
    assertThat(orders()).hasSize(6);
  }

  @Test
  void loneSurrogatesAreRejectedInEveryText() {
    MeshClient shop = defineOrders();
    String first = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();
    Snapshot snapshot = shop.describe(ORDERS).current().orElseThrow();
    MeshClient finance = registerFinance();
    finance.defineProduct("finance/own").contract(Contract.of(Word.class)).commit();
    Snapshot strange =
        new Snapshot(
            io.meshwork.product.ProductName.of("commerce/nothing"),
            snapshot.contract(),
            HALF,
            1,
            snapshot.committedAt(),
            3);
    State before = state();

    Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
    calls.put("digest", () -> toOrders().records(Order.range(0, 1)).contentDigest(HALF).commit());
    calls.put("erase", () -> fromOrders().where("id = 1").because(HALF).commit());
    calls.put("rollback", () -> shop.rollBack(ORDERS).to(first).because(HALF).commit());
    calls.put(
        "allowed",
        () -> shop.rollBack(ORDERS).to(first).allowViolations().because(HALF).because("x"));
    calls.put("scope", () -> fromOrders().where("customer = '" + HALF + "'").because("x").commit());
    calls.put(
        "replace",
        () ->
            toOrders()
                .replaceWhere("customer = '" + HALF + "'")
                .records(Order.range(0, 1))
                .commit());
    calls.put(
        "input",
        () ->
            finance
                .publish("finance/own")
                .records(List.of(new Word(1, "x")))
                .derivedFrom(strange)
                .commit());
    calls.put("where", () -> all(shop.read(ORDERS).where("customer = '" + HALF + "'")));
    calls.put("domain", () -> shop.registerDomain("commerce").description(HALF).commit());
    calls.put("owner", () -> shop.registerDomain("commerce").owner(HALF).commit());
    calls.put(
        "product",
        () -> shop.defineProduct(WORDS).contract(Contract.of(Word.class)).description(HALF));
    calls.put("subscription", () -> finance.subscribe(ORDERS).purpose(HALF).commit());
    calls.put("grant", () -> shop.grant(ORDERS).because(HALF).commit());
    calls.put("request", () -> finance.requests().requestAccess(ORDERS).purpose(HALF).commit());
    calls.put("description", () -> Contract.of(Word.class).description(HALF));
    calls.put("column", () -> Contract.of(Word.class).describeColumn("id", HALF));
    calls.put("literal", () -> Rule.inSet("text", "a", HALF));
    calls.put("regex", () -> Rule.matches("text", HALF));
    calls.put("words", () -> Rule.text(HALF));
    calls.put("filter", () -> Rule.notNull("id").where("text = '" + HALF + "'"));
    calls.put("rule", () -> Rule.notNull("id").description(HALF));
    String json = Contract.of(Word.class).description("known").toJson();
    calls.put("json", () -> Contract.fromJson(json.replace("known", "half \\ud83d of one")));
    calls.put(
        "schema",
        () ->
            Contract.of(
                org.apache.avro.SchemaBuilder.record("R")
                    .doc(HALF)
                    .fields()
                    .requiredLong("id")
                    .endRecord()));
    calls.forEach(
        (place, call) ->
            assertThat(catchThrowableOfType(InvalidRequestException.class, call))
                .as(place)
                .isNotNull()
                .hasMessageNotContaining("\uD83D"));
    assertNothingChanged(before);
  }

  @Test
  void aRowWithALoneSurrogateIsRejected() {
    MeshClient shop = registerShop();
    Contract words = Contract.of(Word.class);
    shop.defineProduct(WORDS).contract(words).commit();
    List<Word> rows = List.of(new Word(1, "whole"), new Word(2, HALF), new Word(3, "???"));

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class, () -> shop.publish(WORDS).records(rows).commit());

    assertThat(refused.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.STRING_ENCODING);
              assertThat(finding.where()).isEqualTo("text");
              assertThat(finding.count()).isEqualTo(1);
            });
    shop.defineProduct("commerce/aside")
        .contract(words.onViolation(OnViolation.QUARANTINE).maxQuarantineShare(90))
        .commit();
    PublishReceipt aside = shop.publish("commerce/aside").records(rows).commit();
    assertThat(aside.rowsAccepted()).isEqualTo(2);
    assertThat(aside.quality().violations()).extracting(Finding::count).containsExactly(1L);
    assertThat(all(shop.read("commerce/aside").as(Word.class)))
        .containsExactly(new Word(1, "whole"), new Word(3, "???"));
    PublishReceipt named =
        shop.publish("commerce/aside")
            .records(List.of(row("id", 1L, "text", "a"), row("id", 2L, "text", "b", HALF, 1)))
            .commit();
    assertThat(named.rowsAccepted()).as("an unknown column is named too").isEqualTo(1);
  }
}
