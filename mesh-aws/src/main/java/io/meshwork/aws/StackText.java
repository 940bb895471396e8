package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.List;

/** The text of a template. */
final class StackText {
  /** What CloudFormation accepts without a bucket for templates. */
  private static final int MAX_SIZE = 51_200;

  private StackText() {}

  /** Returns the template of a stack as JSON, without white space if it is too large with it. */
  static String of(String stack, String description, List<AccountResource> resources) {
    ObjectNode template =
        AccountResource.node()
            .put("AWSTemplateFormatVersion", "2010-09-09")
            .put("Description", description);
    ObjectNode all = template.putObject("Resources");
    for (AccountResource resource : resources) {
      if (all.has(resource.id())) {
        throw ArgumentChecks.refused(
            "roles",
            "have two names that differ in hyphens and case only, " + resource.id(),
            "Use other names.");
      }
      all.set(resource.id(), resource.json());
    }
    String text = PolicyDocument.written(template) + "\n";
    String fitting = text.length() <= MAX_SIZE ? text : template.toString();
    if (fitting.length() > MAX_SIZE) {
      throw PolicyDocument.tooLarge(
          "the template of the stack " + stack, fitting.length(), MAX_SIZE, PolicyDocument.DIVIDE);
    }
    return fitting;
  }
}
