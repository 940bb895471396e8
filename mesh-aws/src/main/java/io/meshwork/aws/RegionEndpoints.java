package io.meshwork.aws;

import software.amazon.awssdk.services.dynamodb.endpoints.DynamoDbEndpointProvider;
import software.amazon.awssdk.services.lakeformation.endpoints.LakeFormationEndpointProvider;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;
import software.amazon.awssdk.services.sts.endpoints.StsEndpointProvider;

/**
 * The endpoints of a region as the rules of the AWS SDK name them. Endpoints from the environment,
 * system properties, and profiles, such as {@code AWS_ENDPOINT_URL}, are removed before the rules
 * are applied: in the SDK, a client cannot turn them off otherwise.
 */
final class RegionEndpoints {
  private RegionEndpoints() {}

  static S3EndpointProvider s3() {
    S3EndpointProvider rules = S3EndpointProvider.defaultProvider();
    return place -> rules.resolveEndpoint(place.toBuilder().endpoint(null).build());
  }

  static DynamoDbEndpointProvider dynamoDb() {
    DynamoDbEndpointProvider rules = DynamoDbEndpointProvider.defaultProvider();
    return place -> rules.resolveEndpoint(place.toBuilder().endpoint(null).build());
  }

  static StsEndpointProvider sts() {
    StsEndpointProvider rules = StsEndpointProvider.defaultProvider();
    return place -> rules.resolveEndpoint(place.toBuilder().endpoint(null).build());
  }

  static LakeFormationEndpointProvider lakeFormation() {
    LakeFormationEndpointProvider rules = LakeFormationEndpointProvider.defaultProvider();
    return place -> rules.resolveEndpoint(place.toBuilder().endpoint(null).build());
  }
}
