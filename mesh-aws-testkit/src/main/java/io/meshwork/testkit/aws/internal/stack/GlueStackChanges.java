package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.stack.StackTemplate.StackResource;
import java.io.IOException;

/**
 * Creates databases and tables of Glue, as {@link StackChanges} creates other resources.
 *
 * @param calls sends the requests
 */
record GlueStackChanges(FrontCalls calls) {
  private static final String DATABASE_INPUT = "DatabaseInput";
  private static final String TABLE_INPUT = "TableInput";

  static boolean isAbout(String type) {
    return type.equals(StackTemplate.GLUE_DATABASE) || type.equals(StackTemplate.GLUE_TABLE);
  }

  void create(StackResource resource) throws IOException {
    JsonNode properties = resource.properties();
    glue("Create" + kind(resource), properties.deepCopy());
    glue("Get" + kind(resource), named(resource));
  }

  void change(StackResource before, StackResource after) throws IOException {
    StackChanges.requireSame("CatalogId", before, after);
    StackChanges.requireSame("DatabaseName", before, after);
    ObjectNode request = named(after);
    if (isDatabase(after)) {
      request.set(DATABASE_INPUT, after.properties().path(DATABASE_INPUT));
    } else {
      request.remove("Name");
      request.set(TABLE_INPUT, after.properties().path(TABLE_INPUT));
    }
    glue("Update" + kind(after), request);
  }

  void delete(StackResource resource) throws IOException {
    glue("Delete" + kind(resource), named(resource));
  }

  private static boolean isDatabase(StackResource resource) {
    return resource.type().equals(StackTemplate.GLUE_DATABASE);
  }

  private static String kind(StackResource resource) {
    return isDatabase(resource) ? "Database" : "Table";
  }

  private static ObjectNode named(StackResource resource) {
    JsonNode properties = resource.properties();
    ObjectNode named = AwsReply.JSON.createObjectNode();
    named.set("CatalogId", properties.path("CatalogId"));
    if (!isDatabase(resource)) {
      named.set("DatabaseName", properties.path("DatabaseName"));
    }
    JsonNode input = properties.path(isDatabase(resource) ? DATABASE_INPUT : TABLE_INPUT);
    return named.set("Name", input.path("Name"));
  }

  private void glue(String operation, JsonNode request) throws IOException {
    calls.json("glue", "AWSGlue." + operation, request);
  }
}
