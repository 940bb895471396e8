package io.meshwork.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.notice.Notice;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeshEventTest {
  private static final String ENTRY =
      "{\"format\":1,\"sequence\":7,\"at\":\"2026-11-20T08:00:00Z\",\"event\":\"%s\","
          + "\"principal\":\"commerce/etl\",\"subject\":\"commerce/orders\",\"details\":%s,"
          + "\"attempt\":\"a\",\"documents\":{\"table/orders_v1\":\"deleted\"},\"previous\":\"p\","
          + "\"hash\":\"h\"}";

  @Test
  void anEventOfAnUnknownTypeIsReadWithAllItsDetails() {
    String json = ENTRY.formatted("product.painted", "{\"colour\":\"blue\"}");

    MeshEvent event = MeshEvent.fromJson("commerce/orders", json);

    assertThat(event.id()).isEqualTo("commerce/orders/7");
    assertThat(event.type()).isEqualTo("product.painted");
    assertThat(event.details()).isEqualTo(new EventDetails.UnknownDetails("{\"colour\":\"blue\"}"));
    assertThat(event.documents()).isEqualTo(Map.of("table/orders_v1", "deleted"));
    assertThat(event.json()).isEqualTo(json);
    assertThat(event)
        .hasToString(
            "commerce/orders/7 2026-11-20T08:00:00Z product.painted commerce/orders by commerce/etl");
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
    assertThat(details(type, details)).isEqualTo(new EventDetails.UnknownDetails(details));
  }

  @Test
  void detailsOfARolloutAreReadable() {
    assertThat(
            details(
                MeshEvent.ROLLOUT_ANSWERED,
                "{\"product\":\"commerce/orders\",\"rollout\":3,\"fromMajor\":1,\"toMajor\":2,"
                    + "\"state\":\"PARALLEL\",\"because\":\"Year end\","
                    + "\"retireAfter\":\"2027-01-09\",\"consumers\":[\"finance/ids\"],"
                    + "\"answer\":\"COUNTERED\"}"))
        .hasToString(
            "rollout 3 of commerce/orders from major version 1 to 2, PARALLEL, consumers"
                + " finance/ids, answer COUNTERED, retire after 2027-01-09: Year end");
    assertThat(
            details(
                MeshEvent.PRODUCT_AMENDED,
                "{\"major\":1,\"contractVersion\":\"1.1.0\",\"previousVersion\":\"1.0.0\","
                    + "\"contractFingerprint\":\"f\",\"verdict\":\"amendment\","
                    + "\"reasonCode\":\"RETENTION_SHORTER\",\"reason\":\"Law\",\"rollout\":2}"))
        .hasToString(
            "1.1.0 replaces 1.0.0, amendment by RETENTION_SHORTER, announced by rollout 2: Law");
    assertThat(
            details(
                MeshEvent.ACCESS_REQUESTED,
                "{\"request\":\"r1\",\"domain\":\"finance\",\"revision\":2,\"columns\":[\"id\"],"
                    + "\"rowsHash\":\"abc\",\"purpose\":\"Reports\",\"method\":\"ROLE\","
                    + "\"risk\":\"INTERNAL\"}"))
        .hasToString(
            "request r1 of finance, revision 2 (id) in some rows, by ROLE, risk INTERNAL: Reports");
  }

  @Test
  void anEventOfANewerFormatIsRejected() {
    String json = ENTRY.formatted("product.opened", "{}").replace("\"format\":1", "\"format\":2");

    assertThatThrownBy(() -> MeshEvent.fromJson("commerce/orders", json))
        .isInstanceOfSatisfying(
            BackendException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.REGISTRY_VERSION))
        .hasMessageContainingAll("format is 2", "newer version");
  }

  @Test
  void detailsOfGrantsAreReadable() {
    assertThat(
            details(
                MeshEvent.GRANT_MADE,
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
                MeshEvent.AUTHORIZATION_GIVEN,
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
                MeshEvent.PRODUCT_PUBLISHED,
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
                MeshEvent.ACCESS_COUNTED,
                "{\"lines\":[{\"hour\":\"2026-11-20T08:00:00Z\",\"who\":\"finance/etl\","
                    + "\"action\":\"read.seen\",\"subject\":\"commerce/orders\",\"count\":3,"
                    + "\"first\":\"2026-11-20T08:01:00Z\",\"last\":\"2026-11-20T08:02:00Z\","
                    + "\"version\":\"1.0.0\",\"doing\":\"rows\",\"columns\":[\"*\"]}]}"))
        .hasToString(
            "AccessCounts[lines=[3 x read.seen of commerce/orders by finance/etl in the hour from"
                + " 2026-11-20T08:00:00Z, version 1.0.0, rows, columns *]]");
  }

  private static EventDetails details(String type, String json) {
    return MeshEvent.fromJson("commerce/orders", ENTRY.formatted(type, json)).details();
  }

  private static Path repository() {
    Path docs = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(docs.resolve("docs/schemas"))) {
      docs = docs.getParent();
    }
    return docs;
  }

  @Test
  void everyEventTypeIsInTheSchemaAndInTheTexts() throws IOException, IllegalAccessException {
    String schema = Files.readString(repository().resolve("docs/schemas/event-1.json"));
    String page = Files.readString(repository().resolve("docs/events.md"));
    for (Field constant : MeshEvent.class.getFields()) {
      String type = (String) constant.get(null);
      assertThat(schema).as(type).contains("\"" + type + "\"");
      assertThat(page).as(type).contains("`" + type + "`");
    }
  }

  @Test
  void everyKindOfNoticeIsInTheTexts() throws IOException {
    String page = Files.readString(repository().resolve("docs/events.md"));

    assertThat(Notice.Kind.values()).allMatch(kind -> page.contains("`" + kind + "`"));
  }

  @Test
  void theDetailsOfEveryEventTypeAreKnown() throws IllegalAccessException {
    for (Field constant : MeshEvent.class.getFields()) {
      String json =
          ENTRY.formatted(constant.get(null), "{\"loggedIn\":\"commerce/orders\",\"sequence\":3}");

      assertThat(MeshEvent.fromJson("commerce", json).details())
          .isEqualTo(new EventDetails.EventReference("commerce/orders", 3));
    }
  }

  @Test
  void theSchemaThatComesWithTheJarIsTheOneOfTheTexts() throws IOException {
    Path docs = repository();
    try (InputStream in = MeshEvent.class.getResourceAsStream("event-1.json")) {
      assertThat(in).isNotNull();
      assertThat(in.readAllBytes())
          .isEqualTo(Files.readAllBytes(docs.resolve("docs/schemas/event-1.json")));
    }
  }
}
