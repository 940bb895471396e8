package io.meshwork.portal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.meshwork.Mesh;
import io.meshwork.portal.internal.page.PageDocument;
import io.meshwork.portal.internal.page.SamplePages;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document beside each page has the form that docs/schemas states. */
class PageSchemaTest {
  private static final Path SCHEMAS = Path.of("..", "..", "docs", "schemas");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<Record> PAGES = new SamplePages(text -> text).all();

  @TempDir Path folder;

  @Test
  void everyDocumentOfASiteHasTheFormOfItsSchema() throws IOException {
    try (Mesh mesh = SmallMesh.open()) {
      SmallMesh.defineSecret(mesh);
      SmallMesh.addSecret(mesh, 5);
      mesh.clientAs(Principal.of("finance", "analyst"))
          .requests()
          .requestAccess("commerce/secret")
          .purpose("Closing")
          .commit();
      for (Principal viewer : List.of(SmallMesh.VISITOR, Principal.of("commerce", "etl"))) {
        Portal.of(mesh.clientAs(viewer)).writeTo(folder.resolve(viewer.account()));
      }
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> documents = all.filter(file -> file.toString().endsWith(".json")).toList();
      assertThat(documents).hasSize(2 * 12);
      for (Path file : documents) {
        assertThat(errors(name(file), JSON.readTree(file.toFile()))).as("%s", file).isEmpty();
      }
    }
  }

  private static String name(Path file) {
    String path = file.toString().replace('\\', '/');
    return path.contains("/product/")
        ? "product"
        : path.contains("/domain/") ? "domain" : file.getFileName().toString().replace(".json", "");
  }

  @Test
  void pagesWithEverythingHaveTheFormToo() throws IOException {
    for (Record page : PAGES) {
      String name = page.getClass().getSimpleName().replace("Page", "");
      JsonNode document = JSON.readTree(PageDocument.of(page));
      assertThat(errors(name.toLowerCase(Locale.ROOT), document)).as(name).isEmpty();
    }
  }

  @Test
  void aSchemaRejectsWhatItDoesNotState() throws IOException {
    for (Record page : PAGES) {
      String name = page.getClass().getSimpleName().replace("Page", "");
      ObjectNode document = (ObjectNode) JSON.readTree(PageDocument.of(page));
      document.put("more", 1);
      assertThat(errors(name.toLowerCase(Locale.ROOT), document)).as(name).isNotEmpty();
    }
  }

  private static List<?> errors(String schema, JsonNode document) throws IOException {
    String text = Files.readString(SCHEMAS.resolve("portal-" + schema + "-1.json"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(JSON.readTree(text))
        .validate(document);
  }
}
