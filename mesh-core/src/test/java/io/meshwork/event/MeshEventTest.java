package io.meshwork.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

  @Test
  void anEventOfANewerFormatIsRejected() {
    String json = ENTRY.formatted("product.opened", "{}").replace("\"format\":1", "\"format\":2");

    assertThatThrownBy(() -> MeshEvent.fromJson("commerce/orders", json))
        .isInstanceOfSatisfying(
            BackendException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.REGISTRY_VERSION))
        .hasMessageContainingAll("format is 2", "newer version");
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
