package io.meshwork.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.notice.Notice;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThat(event.type()).isEqualTo(MeshEvent.Type.UNKNOWN);
    assertThat(event.typeName()).isEqualTo("product.painted");
    assertThat(event.details()).isEqualTo(Map.of("colour", "blue"));
    assertThat(event.documents()).isEqualTo(Map.of("table/orders_v1", "deleted"));
    assertThat(event.json()).isEqualTo(json);
    assertThat(event)
        .hasToString(
            "commerce/orders/7 2026-11-20T08:00:00Z product.painted commerce/orders by commerce/etl");
  }

  @Test
  void detailsArePlainValuesInTheOrderOfTheLog() {
    String details =
        "{\"text\":\"a\",\"count\":7,\"score\":99.5,\"continues\":true,\"absent\":null,"
            + "\"names\":[\"a\",1,null],\"table\":{\"majors\":[{\"major\":1}]}}";

    Map<String, Object> values =
        MeshEvent.fromJson("commerce/orders", ENTRY.formatted("product.painted", details))
            .details();

    assertThat(values)
        .containsExactly(
            Map.entry("text", "a"),
            Map.entry("count", 7L),
            Map.entry("score", 99.5),
            Map.entry("continues", true),
            Map.entry("names", List.of("a", 1L)),
            Map.entry("table", Map.of("majors", List.of(Map.of("major", 1L)))));
    assertThatThrownBy(values::clear).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(((Map<?, ?>) values.get("table"))::clear)
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(((List<?>) values.get("names"))::clear)
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void detailsWithoutFieldsAreEmpty() {
    assertThat(
            MeshEvent.fromJson("commerce/orders", ENTRY.formatted("product.opened", "{}"))
                .details())
        .isEmpty();
  }

  @Test
  void aTypeIsFoundByItsNameInTheLog() {
    assertThat(MeshEvent.Type.values())
        .allMatch(type -> MeshEvent.Type.of(type.text()) == type)
        .filteredOn(type -> type != MeshEvent.Type.UNKNOWN)
        .allMatch(
            type ->
                type.name()
                    .toLowerCase(Locale.ROOT)
                    .equals(type.text().replace('.', '_').replace('-', '_')));
    assertThat(MeshEvent.Type.of("product.painted")).isEqualTo(MeshEvent.Type.UNKNOWN);
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
  void everyEventTypeIsInTheSchemaAndInTheTexts() throws IOException {
    String schema = Files.readString(repository().resolve("docs/schemas/event-1.json"));
    String page = Files.readString(repository().resolve("docs/events.md"));
    for (MeshEvent.Type type : MeshEvent.Type.values()) {
      if (type != MeshEvent.Type.UNKNOWN) {
        assertThat(schema).contains("\"" + type.text() + "\"");
        assertThat(page).contains("`" + type.text() + "`");
      }
    }
  }

  @Test
  void everyKindOfNoticeIsInTheTextsAndInTheSchemaOfWhatIsSent() throws IOException {
    String page = Files.readString(repository().resolve("docs/events.md"));
    String schema = Files.readString(repository().resolve("docs/schemas/sent-event-1.json"));

    assertThat(Notice.Kind.values()).allMatch(kind -> page.contains("`" + kind + "`"));
    assertThat(Notice.Kind.values()).allMatch(kind -> schema.contains("\"" + kind + "\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"event-1.json", "sent-event-1.json"})
  void theSchemaThatComesWithTheJarIsTheOneOfTheTexts(String schema) throws IOException {
    Path docs = repository();
    try (InputStream in = MeshEvent.class.getResourceAsStream(schema)) {
      assertThat(in).isNotNull();
      assertThat(in.readAllBytes())
          .isEqualTo(Files.readAllBytes(docs.resolve("docs/schemas/" + schema)));
    }
  }
}
