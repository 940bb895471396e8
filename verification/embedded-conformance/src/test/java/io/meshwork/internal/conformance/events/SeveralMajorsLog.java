package io.meshwork.internal.conformance.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A registry in which each publish and rollback, once {@link #several} is set, reads as if it had
 * also written major version 2, which leads: in the log and in its receipt. The rest is as it was.
 */
final class SeveralMajorsLog extends ForwardingRegistry {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> OF_ROWS =
      Set.of(MeshEvent.Type.PRODUCT_PUBLISHED.text(), MeshEvent.Type.PRODUCT_ROLLED_BACK.text());
  private static final List<String> COMMON = List.of("publishId", "mode", "reason", "dataTime");

  boolean several;

  SeveralMajorsLog(Registry real) {
    super(real);
  }

  @Override
  public Optional<Document> read(Key key) {
    return real.read(key).map(this::shown);
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    Page page = real.list(partition, sortPrefix, cursor);
    return new Page(page.documents().stream().map(this::shown).toList(), page.nextCursor());
  }

  private Document shown(Document document) {
    String sort = document.key().sort();
    if (!several || !(sort.startsWith("log/") || sort.startsWith("key/"))) {
      return document;
    }
    ObjectNode json = parsed(document.json());
    if (sort.startsWith("key/")) {
      return new Document(document.key(), receipt(json).toString(), document.version());
    }
    if (!OF_ROWS.contains(json.path("event").asText())) {
      return document;
    }
    json.set("details", details((ObjectNode) json.path("details")));
    return new Document(document.key(), json.toString(), document.version());
  }

  private static ObjectNode details(ObjectNode flat) {
    ObjectNode common = flat.deepCopy().retain(COMMON);
    ArrayNode majors = common.putArray("majors");
    ObjectNode leading = flat.deepCopy().remove(new ArrayList<>(COMMON));
    leading.put("major", 2).put("contractVersion", "2.0.0").put("rowsAccepted", 1_000_000);
    leading.put("rowsQuarantined", 0).put("snapshotId", "99");
    leading.put("sequence", 99).put("rowsTotal", 1_000_000);
    majors.add(leading).add(flat.deepCopy().remove(new ArrayList<>(COMMON)));
    return common;
  }

  private static ObjectNode receipt(ObjectNode flat) {
    ObjectNode leading = flat.deepCopy();
    leading.put("major", 2).put("contractVersion", "2.0.0").put("snapshotId", "99");
    leading.put("scope", "customer = 'of major 2'").put("qualityScore", 1.5);
    ((ObjectNode) leading.path("quality")).put("rowsOffered", 7).put("qualityScore", 1.5);
    leading.putArray("also").add(flat);
    return leading;
  }

  private static ObjectNode parsed(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
