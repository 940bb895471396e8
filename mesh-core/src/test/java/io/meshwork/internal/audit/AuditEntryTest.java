package io.meshwork.internal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import org.junit.jupiter.api.Test;

class AuditEntryTest {
  private static String line(String details) {
    ObjectNode json =
        DocumentJson.create()
            .put("sequence", 7)
            .put("at", "2026-11-20T08:00:00Z")
            .put("event", "tag.defined")
            .put("principal", "commerce/etl")
            .put("subject", "commerce")
            .put("hash", "h");
    json.set("details", DocumentJson.parseObject("details", details));
    VersionedDocument entry = new VersionedDocument(new Key("commerce", "log/7"), json, "1");
    return AuditEntry.withDetails(entry).get(0).line();
  }

  private static String expected(String details) {
    return "{\"format\":1,\"id\":\"commerce/7\",\"log\":\"commerce\",\"sequence\":7,"
        + "\"at\":\"2026-11-20T08:00:00Z\",\"who\":\"commerce/etl\",\"action\":\"tag.defined\","
        + "\"subject\":\"commerce\",\"outcome\":\"done\",\"details\":"
        + details
        + ",\"hash\":\"h\"}";
  }

  @Test
  void aLineHasTheDetailsSortedAndStructuresAsTheyAreLogged() {
    assertThat(line("{\"tag\":\"level\",\"count\":2,\"values\":[\"a\",\"b\"]}"))
        .isEqualTo(expected("{\"count\":\"2\",\"tag\":\"level\",\"values\":[\"a\",\"b\"]}"));
  }

  @Test
  void aLineWithoutDetailsHasAnEmptyObject() {
    assertThat(line("{}")).isEqualTo(expected("{}"));
  }

  @Test
  void theSuspendedVersionsAreADetailAndNotPartsOfAPublish() {
    assertThat(line("{\"majors\":[1,2],\"because\":\"Wrong\"}"))
        .isEqualTo(expected("{\"because\":\"Wrong\",\"majors\":[1,2]}"));
  }
}
