package io.meshwork.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.product.Principal;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The log has permanent entries in these forms. */
class LoggedDetailsTest {
  static Stream<Arguments> details() {
    return Stream.of(
        Arguments.of(
            MeshEvent.Type.SUBSCRIPTION_REGISTERED,
            new EventDetails.LoggedSubscription(
                "finance/totals", 1, Optional.empty(), OptionalInt.empty(), Optional.empty()),
            "{'subscription':'finance/totals','major':1}"),
        Arguments.of(
            MeshEvent.Type.SUBSCRIPTION_AMENDED,
            new EventDetails.LoggedSubscription(
                "finance/totals", 2, Optional.of("Q4"), OptionalInt.of(1), Optional.of(false)),
            "{'subscription':'finance/totals','major':2,'because':'Q4','fromMajor':1,"
                + "'continues':false}"),
        Arguments.of(
            MeshEvent.Type.SUBSCRIPTION_ENDED,
            new EventDetails.SubscriptionEnd(
                "finance/totals", 2, "DORMANT", "owner", Optional.of("Unused")),
            "{'subscription':'finance/totals','major':2,'state':'DORMANT','endedBy':'owner',"
                + "'reason':'Unused'}"),
        Arguments.of(
            MeshEvent.Type.PRODUCT_SNAPSHOTS_EXPIRED,
            new EventDetails.ExpiredSnapshots("orders_v1", 1, 3),
            "{'table':'orders_v1','major':1,'snapshots':3}"),
        Arguments.of(
            MeshEvent.Type.PUBLISHES_FENCED,
            new EventDetails.FencedPublishes("table/orders_v1", 2),
            "{'table':'table/orders_v1','count':2}"),
        Arguments.of(
            MeshEvent.Type.LOG_ARCHIVED,
            new EventDetails.ArchivedEntries(1, 500, "ab"),
            "{'first':1,'last':500,'sha256':'ab'}"),
        Arguments.of(
            MeshEvent.Type.RECEIPTS_TRIMMED, new EventDetails.ChangedReceipts(0), "{'count':0}"),
        Arguments.of(
            MeshEvent.Type.NOTIFIER_FORGOTTEN,
            new EventDetails.ForgottenNotifier("outbox", 2, 3),
            "{'notifier':'outbox','positions':2,'parked':3}"),
        Arguments.of(
            MeshEvent.Type.PRODUCT_ERASURE_PROVED,
            new EventDetails.ProvedErasure("p1", 1, 2, 3, 4, 5, 6, 0),
            "{'publishId':'p1','rowsErased':1,'snapshotsExpired':2,'filesDeleted':3,"
                + "'filesRead':4,'rowsRead':5,'readersPassed':6,'outOfReach':0}"),
        Arguments.of(
            MeshEvent.Type.QUARANTINE_ERASED,
            new EventDetails.QuarantineErasure(
                "p1", 1, 7, Optional.of("ab"), Optional.of("A request")),
            "{'publishId':'p1','major':1,'rowsRemoved':7,'scopeHash':'ab',"
                + "'reason':'A request'}"),
        Arguments.of(
            MeshEvent.Type.MIRROR_APPLIED,
            new EventDetails.MirrorObjectCounts("glue", "111122223333", 1, 2, 3, 4, 5, 0),
            "{'mirror':'glue','account':'111122223333','made':1,'changed':2,'removed':3,"
                + "'adopted':4,'restored':5,'left':0}"),
        Arguments.of(
            MeshEvent.Type.PRODUCT_STAGED,
            new EventDetails.StagedRowCounts("p1", 1, "append", 9, 0),
            "{'publishId':'p1','major':1,'mode':'append','rows':9,'invalidRows':0}"),
        Arguments.of(
            MeshEvent.Type.PRODUCT_UNSTAGED,
            new EventDetails.UnstagedRows("p1", 1, "expired"),
            "{'publishId':'p1','major':1,'cause':'expired'}"),
        Arguments.of(
            MeshEvent.Type.PRODUCT_COMPACTED,
            new EventDetails.QuarantineCompaction("p1", "orders_v1_q", 1, "compaction", 5, 1),
            "{'publishId':'p1','table':'orders_v1_q','major':1,'mode':'compaction',"
                + "'filesCompacted':5,'files':1}"));
  }

  @ParameterizedTest
  @MethodSource("details")
  void detailsAreReadAsTheyWereLogged(MeshEvent.Type type, EventDetails details, String logged) {
    JsonNode json =
        CommitDraft.of(type.text(), Principal.of("commerce", "etl"), "commerce/orders")
            .details((Record) details)
            .details();

    assertThat(json).hasToString(logged.replace('\'', '"'));
    assertThat(EventDetailsCodec.read(type, json)).isEqualTo(details);
  }
}
