package io.meshwork.aws.internal.mirror.opendata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.mirror.Mirror;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;

/**
 * The statement in the policy of a bucket with which all accounts of an organization read the files
 * of the open products of one domain. Stateless.
 */
final class OpenDataStatement {
  private static final String SID = "MeshOpenData";
  private static final String ACTION = "Action";
  private static final String RESOURCE = "Resource";
  private static final String CONDITION = "Condition";
  private static final String PRINCIPAL = "Principal";
  private static final String EVERYONE = "*";

  private OpenDataStatement() {}

  /**
   * Returns the ID of the statement of a domain. An ID has letters and digits only, and names of
   * domains no capital letters.
   *
   * @param domain its storage name
   */
  static String sid(String domain) {
    return SID + domain.replace('_', 'X');
  }

  /**
   * Returns the statement.
   *
   * @param folders the ARNs of the folders of tables
   */
  static String content(String domain, String organization, Collection<String> folders) {
    ObjectNode json =
        RequestJson.object()
            .put("Sid", sid(domain))
            .put("Effect", "Allow")
            .put(PRINCIPAL, EVERYONE);
    json.putArray(ACTION).add("s3:GetObject");
    ArrayNode resources = json.putArray(RESOURCE);
    folders.stream().map(folder -> folder + "/*").sorted().forEach(resources::add);
    ObjectNode condition = json.putObject(CONDITION);
    condition.putObject("StringEquals").putArray("aws:PrincipalOrgID").add(organization);
    condition.putObject("Bool").putArray("aws:SecureTransport").add("true");
    return Mirror.contentOf(json);
  }

  /**
   * Returns the content of a statement as S3 returns it. One text and a list of one text are the
   * same, and lists have no order.
   */
  static String contentOf(JsonNode statement) {
    ObjectNode json = RequestJson.object();
    for (Map.Entry<String, JsonNode> element : statement.properties()) {
      json.set(element.getKey(), normalized(element.getKey(), element.getValue()));
    }
    return Mirror.contentOf(json);
  }

  private static JsonNode normalized(String name, JsonNode value) {
    return switch (name) {
      case ACTION, RESOURCE -> list(value);
      case PRINCIPAL -> isEveryone(value) ? JsonNodeFactory.instance.textNode(EVERYONE) : value;
      case CONDITION -> {
        ObjectNode conditions = RequestJson.object();
        for (Map.Entry<String, JsonNode> operator : value.properties()) {
          ObjectNode keys = conditions.putObject(operator.getKey());
          operator.getValue().properties().forEach(key -> keys.set(key.getKey(), list(key)));
        }
        yield conditions;
      }
      default -> value;
    };
  }

  private static JsonNode list(Map.Entry<String, JsonNode> member) {
    return list(member.getValue());
  }

  private static JsonNode list(JsonNode value) {
    TreeSet<String> texts = new TreeSet<>();
    if (value.isArray()) {
      value.forEach(text -> texts.add(text.asText()));
    } else {
      texts.add(value.asText());
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    texts.forEach(list::add);
    return list;
  }

  private static boolean isEveryone(JsonNode principal) {
    return principal.size() == 1
        && list(principal.path("AWS")).equals(list(JsonNodeFactory.instance.textNode(EVERYONE)));
  }
}
