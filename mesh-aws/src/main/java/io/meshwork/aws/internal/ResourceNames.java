package io.meshwork.aws.internal;

import io.meshwork.product.Principal;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * The Amazon Resource Names (ARNs) of a mesh. Immutable.
 *
 * @param region the region of all resources, such as {@code eu-central-1}
 * @param roles the ARNs of roles that have a path, by principal
 */
public record ResourceNames(String region, Map<Principal, String> roles) {
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  public ResourceNames {
    roles = Map.copyOf(roles);
  }

  /** Returns true for the ID of an account, 12 digits. */
  public static boolean isAccount(String name) {
    return ACCOUNT.matcher(name).matches();
  }

  /** Returns the partition of AWS, with which ARNs start. */
  public String partition() {
    return PartitionMetadata.of(Region.of(region)).id();
  }

  /** Returns the ARN of a principal's role. */
  public String role(Principal principal) {
    return roles.getOrDefault(principal, role(principal.account(), principal.role()));
  }

  /** Returns the ARN of a role without a path. */
  public String role(String account, String role) {
    return "arn:" + partition() + ":iam::" + account + ":role/" + role;
  }

  /** Returns the ARN of a resource of Glue in an account, such as {@code database/commerce}. */
  public String glue(String account, String resource) {
    return "arn:" + partition() + ":glue:" + region + ":" + account + ":" + resource;
  }

  /**
   * Returns the ARN of the event bus of a mesh in an account, or of all accounts with {@code *}.
   */
  public String eventBus(String account, String mesh) {
    return "arn:" + partition() + ":events:" + region + ":" + account + ":event-bus/mesh-" + mesh;
  }

  /** Returns the ARN of a work group of Athena. */
  public String workGroup(String account, String name) {
    return "arn:" + partition() + ":athena:" + region + ":" + account + ":workgroup/" + name;
  }

  /** Returns the ARN of an alarm of CloudWatch; {@code *} at the end of the name stands for any. */
  public String alarm(String account, String name) {
    return "arn:" + partition() + ":cloudwatch:" + region + ":" + account + ":alarm:" + name;
  }

  /** Returns the ARN of a dashboard of CloudWatch, which has no region. */
  public String dashboard(String account, String name) {
    return "arn:" + partition() + ":cloudwatch::" + account + ":dashboard/" + name;
  }

  /** Returns the URL of a queue of SQS. */
  public String queueUrl(String account, String name) {
    return "https://sqs.%s.%s/%s/%s"
        .formatted(region, PartitionMetadata.of(Region.of(region)).dnsSuffix(), account, name);
  }

  /** Returns the ARN of a rule of the event bus of a mesh. */
  public String rule(String account, String mesh, String name) {
    return "arn:%s:events:%s:%s:rule/mesh-%s/%s"
        .formatted(partition(), region, account, mesh, name);
  }

  /** Returns the ARN of a topic of SNS. */
  public String topic(String account, String name) {
    return "arn:%s:sns:%s:%s:%s".formatted(partition(), region, account, name);
  }

  /** Returns the name of the topic that sends mail in an account, and of the rule for it. */
  public static String mail(String mesh) {
    return "mesh-" + mesh + "-mail";
  }

  /** Returns the name of the queue that tells the mirrors of a mesh what changed. */
  public static String changeQueue(String mesh) {
    return "mesh-" + mesh + "-changes";
  }

  /** Returns the ARNs of the invitations to resource shares of an account. */
  public String invitations(String account) {
    return "arn:" + partition() + ":ram:" + region + ":" + account + ":resource-share-invitation/*";
  }

  /** Returns the ARN of a location of S3, such as {@code s3://lake/commerce}. */
  public String location(String s3) {
    return "arn:" + partition() + ":s3:::" + s3.substring("s3://".length());
  }
}
