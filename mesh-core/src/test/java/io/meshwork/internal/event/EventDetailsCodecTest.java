package io.meshwork.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.event.MeshEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventDetailsCodecTest {
  private static final String ENTRY =
      "{\"format\":1,\"sequence\":7,\"at\":\"2026-11-20T08:00:00Z\",\"event\":\"%s\","
          + "\"principal\":\"commerce/etl\",\"subject\":\"commerce/orders\",\"details\":%s,"
          + "\"attempt\":\"a\",\"documents\":{\"table/orders_v1\":\"deleted\"},\"previous\":\"p\","
          + "\"hash\":\"h\"}";

  @Test
  void detailsOfAnUnknownTypeAreReadAsText() {
    MeshEvent event =
        MeshEvent.fromJson(
            "commerce/orders", ENTRY.formatted("product.painted", "{\"colour\":\"blue\"}"));

    assertThat(EventDetailsCodec.detailsOf(event))
        .isEqualTo(new EventDetails.UnknownDetails("{\"colour\":\"blue\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rollout.answered|{\"product\":\"commerce/orders\",\"rollout\":1,\"fromMajor\":1,"
            + "\"state\":\"PAINTED\"}",
        "rollout.answered|{\"product\":\"commerce/orders\",\"rollout\":1,\"fromMajor\":1,"
            + "\"state\":\"PARALLEL\",\"answer\":\"PAINTED\"}",
        "approval.given|{\"request\":\"r1\",\"kind\":\"PAINTED\",\"because\":\"Wall\"}",
        "product.amended|{\"major\":1,\"contractVersion\":\"1.1.0\",\"verdict\":\"painted\"}",
        "access.requested|{\"request\":\"r1\",\"method\":\"BRUSH\",\"risk\":\"PUBLIC\"}",
        "access.requested|{\"request\":\"r1\",\"method\":\"ROLE\",\"risk\":\"PAINTED\"}",
        "access.answered|{\"request\":\"r1\",\"risk\":\"PAINTED\"}",
        "access.denied|{\"request\":\"r1\",\"risk\":\"PAINTED\"}",
        "access.expired|{\"request\":\"r1\",\"risk\":\"PAINTED\"}"
      })
  void detailsWithAValueOfALaterVersionAreReadAsText(String type, String details) {
    assertThat(details(MeshEvent.Type.of(type), details))
        .isEqualTo(new EventDetails.UnknownDetails(details));
  }

  @Test
  void detailsOfARolloutAreReadable() {
    assertThat(
            details(
                MeshEvent.Type.ROLLOUT_ANSWERED,
                "{\"product\":\"commerce/orders\",\"rollout\":3,\"fromMajor\":1,\"toMajor\":2,"
                    + "\"state\":\"PARALLEL\",\"because\":\"Year end\","
                    + "\"retireAfter\":\"2027-01-09\",\"consumers\":[\"finance/ids\"],"
                    + "\"answer\":\"COUNTERED\"}"))
        .hasToString(
            "rollout 3 of commerce/orders from major version 1 to 2, PARALLEL, consumers"
                + " finance/ids, answer COUNTERED, retire after 2027-01-09: Year end");
    assertThat(
            details(
                MeshEvent.Type.PRODUCT_AMENDED,
                "{\"major\":1,\"contractVersion\":\"1.1.0\",\"previousVersion\":\"1.0.0\","
                    + "\"contractFingerprint\":\"f\",\"verdict\":\"amendment\","
                    + "\"reasonCode\":\"RETENTION_SHORTER\",\"reason\":\"Law\",\"rollout\":2}"))
        .hasToString(
            "1.1.0 replaces 1.0.0, amendment by RETENTION_SHORTER, announced by rollout 2: Law");
    assertThat(
            details(
                MeshEvent.Type.ACCESS_REQUESTED,
                "{\"request\":\"r1\",\"domain\":\"finance\",\"revision\":2,\"columns\":[\"id\"],"
                    + "\"rowsHash\":\"abc\",\"purpose\":\"Reports\",\"method\":\"ROLE\","
                    + "\"risk\":\"INTERNAL\"}"))
        .hasToString(
            "request r1 of finance, revision 2 (id) in some rows, by ROLE, risk INTERNAL: Reports");
  }

  @Test
  void detailsOfGrantsAreReadable() {
    assertThat(
            details(
                MeshEvent.Type.GRANT_MADE,
                "{\"grants\":[{\"id\":\"g1\",\"on\":\"commerce/orders\",\"to\":\"finance/etl\","
                    + "\"permissions\":[\"SELECT\"],\"columns\":[\"id\",\"amount\"],"
                    + "\"rowsHash\":\"abc\",\"until\":\"2027-01-01T00:00:00Z\","
                    + "\"because\":\"Reports\",\"authorizedBy\":\"commerce/lead\"}]}"))
        .hasToString(
            "GrantChange[grants=[g1 SELECT on commerce/orders (id, amount) in some rows"
                + " to finance/etl until 2027-01-01T00:00:00Z, authorized by commerce/lead:"
                + " Reports], reason=Optional.empty]");
  }

  @Test
  void detailsOfAuthorizationsAreReadable() {
    assertThat(
            details(
                MeshEvent.Type.AUTHORIZATION_GIVEN,
                "{\"authorizations\":[{\"id\":\"a1\",\"on\":\"commerce/orders\","
                    + "\"executors\":[\"central/steward\"],\"consumers\":[\"finance\"],"
                    + "\"permissions\":[\"SELECT\"],\"grantOption\":true,"
                    + "\"exceptColumns\":[\"customer\"],\"because\":\"Reports\","
                    + "\"authorizedBy\":\"commerce/lead\"}]}"))
        .asString()
        .contains(
            "a1 central/steward may grant SELECT with grant option on commerce/orders"
                + " (all but customer) to finance, authorized by commerce/lead: Reports")
        .doesNotContain("Decoded");
  }

  @Test
  void detailsOfTableCommitsAreReadable() {
    assertThat(
            details(
                MeshEvent.Type.PRODUCT_PUBLISHED,
                "{\"publishId\":\"p1\",\"major\":1,\"contractVersion\":\"1.0.0\","
                    + "\"mode\":\"append\",\"rowsAccepted\":9,\"rowsQuarantined\":1,\"files\":2,"
                    + "\"snapshotId\":\"47\",\"sequence\":1,\"rowsTotal\":9}"))
        .hasToString(
            "append p1: contract 1.0.0; rows accepted 9; rows quarantined 1; files 2;"
                + " snapshot 47 with 9 rows");
  }

  @Test
  void detailsOfAccessCountsAreReadable() {
    assertThat(
            details(
                MeshEvent.Type.ACCESS_COUNTED,
                "{\"lines\":[{\"hour\":\"2026-11-20T08:00:00Z\",\"who\":\"finance/etl\","
                    + "\"action\":\"read.seen\",\"subject\":\"commerce/orders\",\"count\":3,"
                    + "\"first\":\"2026-11-20T08:01:00Z\",\"last\":\"2026-11-20T08:02:00Z\","
                    + "\"version\":\"1.0.0\",\"description\":\"rows\",\"columns\":[\"*\"]}]}"))
        .hasToString(
            "AccessCounts[lines=[3 x read.seen of commerce/orders by finance/etl in the hour from"
                + " 2026-11-20T08:00:00Z, version 1.0.0, rows, columns *]]");
  }

  @Test
  void theDetailsOfEveryEventTypeAreKnown() {
    for (MeshEvent.Type type : MeshEvent.Type.values()) {
      assertThat(details(type, "{\"partition\":\"commerce/orders\",\"sequence\":3}"))
          .isEqualTo(new EventDetails.EventReference("commerce/orders", 3));
    }
  }

  private static EventDetails details(MeshEvent.Type type, String json) {
    return EventDetailsCodec.detailsOf(
        MeshEvent.fromJson("commerce/orders", ENTRY.formatted(type.text(), json)));
  }
}
