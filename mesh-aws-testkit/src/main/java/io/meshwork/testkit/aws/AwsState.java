package io.meshwork.testkit.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsAccounts;
import io.meshwork.testkit.aws.internal.access.IamRoles;
import io.meshwork.testkit.aws.internal.catalog.AthenaRules;
import io.meshwork.testkit.aws.internal.catalog.QualityRules;
import io.meshwork.testkit.aws.internal.catalog.SchemaState;
import io.meshwork.testkit.aws.internal.event.EventState;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import io.meshwork.testkit.aws.internal.metric.MetricState;
import io.meshwork.testkit.aws.internal.s3.S3Buckets;
import io.meshwork.testkit.aws.internal.s3.S3Locks;
import io.meshwork.testkit.aws.internal.stack.StackState;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all emulators of this JVM know about the shared servers: sessions, roles, buckets, the
 * writes that run, and what Lake Formation, the Schema Registry, and Data Quality store.
 *
 * @param accounts whose access keys they are
 * @param roles the roles with their policies
 * @param buckets the owners and policies of buckets
 * @param locks the locks of keys of S3
 * @param lakes grants, settings, and shares
 * @param schemas registries with their schemas
 * @param rulesets rulesets of Glue Data Quality
 * @param queries work groups and queries of Athena
 * @param stacks stacks of CloudFormation
 * @param events buses of EventBridge
 * @param metrics metrics, alarms, and dashboards of CloudWatch
 * @param recoverable tables with point-in-time recovery, which DynamoDB Local does not have
 * @param exports exports of tables by ARN, which it does not have either
 */
record AwsState(
    AwsAccounts accounts,
    IamRoles roles,
    S3Buckets buckets,
    S3Locks locks,
    LakeState lakes,
    SchemaState schemas,
    QualityRules.QualityState rulesets,
    AthenaRules.AthenaState queries,
    StackState stacks,
    EventState events,
    MetricState metrics,
    Set<DynamoDbRules.TableId> recoverable,
    Map<String, ObjectNode> exports) {
  static AwsState empty() {
    return new AwsState(
        new AwsAccounts(),
        new IamRoles(),
        new S3Buckets(),
        new S3Locks(),
        new LakeState(),
        new SchemaState(),
        new QualityRules.QualityState(),
        new AthenaRules.AthenaState(),
        new StackState(),
        new EventState(),
        new MetricState(),
        ConcurrentHashMap.newKeySet(),
        new ConcurrentHashMap<>());
  }
}
