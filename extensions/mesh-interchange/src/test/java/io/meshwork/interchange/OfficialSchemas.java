package io.meshwork.interchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The JSON Schemas of OpenLineage 2-0-2 and of ODPS, as their projects publish them. */
final class OfficialSchemas {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final String SPEC = "https://openlineage.io/spec/";
  private static final SchemaRegistry LINEAGE =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder -> builder.schemas(OfficialSchemas::openLineage));

  private OfficialSchemas() {}

  /** Returns what is wrong with a line, and with each facet by the schema that the facet names. */
  static List<String> faultsOfRunEvent(JsonNode line) {
    List<String> faults = new ArrayList<>(faults(line.path("schemaURL").asText(), line));
    addFacets(line.path("run").path("facets"), faults);
    addFacets(line.path("job").path("facets"), faults);
    for (String side : List.of("inputs", "outputs")) {
      for (JsonNode dataset : line.path(side)) {
        addFacets(dataset.path("facets"), faults);
        addFacets(dataset.path("inputFacets"), faults);
        addFacets(dataset.path("outputFacets"), faults);
      }
    }
    return faults;
  }

  private static void addFacets(JsonNode facets, List<String> faults) {
    for (Map.Entry<String, JsonNode> facet : facets.properties()) {
      String url = facet.getValue().path("_schemaURL").asText();
      faults.addAll(faults(url, facet.getValue()));
      if (url.contains("/facets/")) {
        // The whole document states under which name the facet stands.
        ObjectNode named = JSON.createObjectNode();
        named.set(facet.getKey(), facet.getValue());
        String document = url.substring(0, url.indexOf('#'));
        if (!document(document).path("properties").has(facet.getKey())) {
          faults.add(facet.getKey() + " is not the name of the facet " + url);
        }
        faults.addAll(faults(document, named));
      }
    }
  }

  private static List<String> faults(String url, JsonNode value) {
    return LINEAGE.getSchema(SchemaLocation.of(url)).validate(value).stream()
        .map(Error::toString)
        .toList();
  }

  /** Returns what is wrong with a document of ODPS, by the schema of its version. */
  static List<String> faultsOfProduct(JsonNode document) {
    String version = document.path("apiVersion").asText("v1.1.0");
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09)
        .getSchema(read("/odps/odps-json-schema-" + version + ".json"))
        .validate(document)
        .stream()
        .map(Error::toString)
        .toList();
  }

  private static String openLineage(String url) {
    return document(url).toString();
  }

  private static JsonNode document(String url) {
    String name = url.substring(SPEC.length()).replaceFirst("^(facets/)?[0-9-]+/", "$1");
    JsonNode schema = read("/openlineage/" + name);
    if (!schema.path("$id").asText().equals(url)) {
      throw new IllegalArgumentException(url + " is another version than " + schema.path("$id"));
    }
    return schema;
  }

  private static JsonNode read(String resource) {
    try (InputStream in = OfficialSchemas.class.getResourceAsStream(resource)) {
      return JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
