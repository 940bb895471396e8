package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.stack.StackTemplate.StackResource;
import java.io.IOException;

/**
 * Creates work groups of Athena, as {@link StackChanges} creates other resources.
 *
 * @param calls sends the requests
 * @param account the account of the stack
 */
record AthenaStackChanges(FrontCalls calls, String account) {
  private static final String CONFIGURATION = "WorkGroupConfiguration";
  private static final String RESULTS = "ManagedQueryResultsConfiguration";

  void create(StackResource resource) throws IOException {
    ObjectNode group = named("Name", resource);
    athena("CreateWorkGroup", group.set("Configuration", configuration(resource)));
    read(resource);
  }

  void change(StackResource before, StackResource after) throws IOException {
    StackChanges.requireSame("Name", before, after);
    ObjectNode updates = configuration(after);
    ObjectNode results = updates.path(RESULTS).deepCopy();
    updates.remove(RESULTS);
    if (!results.has("EncryptionConfiguration")) {
      results.put("RemoveEncryptionConfiguration", true);
    }
    updates.set(RESULTS + "Updates", results);
    athena("UpdateWorkGroup", named("WorkGroup", after).set("ConfigurationUpdates", updates));
    read(after);
  }

  void delete(StackResource resource) throws IOException {
    ObjectNode group = named("WorkGroup", resource);
    JsonNode option = resource.properties().path("RecursiveDeleteOption");
    athena("DeleteWorkGroup", group.set("RecursiveDeleteOption", option));
  }

  private void read(StackResource resource) throws IOException {
    athena("GetWorkGroup", named("WorkGroup", resource));
    String arn =
        "arn:aws:athena:%s:%s:workgroup/%s"
            .formatted(calls.region(), account, resource.properties().path("Name").asText());
    athena("ListTagsForResource", AwsReply.JSON.createObjectNode().put("ResourceARN", arn));
  }

  private static ObjectNode configuration(StackResource resource) {
    return resource.properties().path(CONFIGURATION).deepCopy();
  }

  private static ObjectNode named(String field, StackResource resource) {
    return AwsReply.JSON.createObjectNode().set(field, resource.properties().path("Name"));
  }

  private void athena(String operation, JsonNode request) throws IOException {
    calls.json("athena", "AmazonAthena." + operation, request);
  }
}
