package io.meshwork.testkit.aws.internal.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.testkit.aws.internal.access.IamStatement.PrincipalMatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What policies permit, as IAM's documentation of policy evaluation defines it. */
class IamPolicyTest {
  private static final AwsIdentity ETL =
      AwsIdentity.session(
          "arn:aws:iam::222222222222:role/jobs/etl",
          "arn:aws:sts::222222222222:assumed-role/etl/s",
          Map.of("mesh", "m1"));

  @ParameterizedTest
  @CsvSource({
    "s3:PutObject, s3:PutObject, true",
    "s3:putobject, s3:PutObject, true",
    "s3:Put*, s3:PutObject, true",
    "s3:*Object, s3:PutObject, true",
    "s3:???Object, s3:PutObject, true",
    "*, s3:PutObject, true",
    "s3:Get*, s3:PutObject, false",
    "s3:Put, s3:PutObject, false",
    "s3.PutObject, s3:PutObject, false",
  })
  void actionsMatchPatternsInAnyCase(String pattern, String action, boolean expected) {
    assertThat(allowing(pattern, "*", "").allows(IamAction.of(action, "arn:aws:s3:::b/k")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "arn:aws:s3:::b/data/*, arn:aws:s3:::b/data/x/y, true",
    "arn:aws:s3:::b/data/*, arn:aws:s3:::b/DATA/x, false",
    "arn:aws:s3:::b/data/*, arn:aws:s3:::b/data, false",
    "arn:aws:s3:::b, arn:aws:s3:::b/x, false",
    "arn:aws:s3:::b?, arn:aws:s3:::bc, true",
    "arn:aws:s3:::b.c, arn:aws:s3:::bxc, false",
  })
  void resourcesMatchPatternsInTheirCase(String pattern, String resource, boolean expected) {
    assertThat(allowing("s3:*", pattern, "").allows(IamAction.of("s3:PutObject", resource)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'StringEquals':{'s3:prefix':'a/'}}           | a/  | true",
        "{'StringEquals':{'s3:prefix':['x','a/']}}     | a/  | true",
        "{'StringEquals':{'s3:prefix':'a/'}}           | b/  | false",
        "{'StringEquals':{'s3:prefix':'a/'}}           |     | false",
        "{'StringNotEquals':{'s3:prefix':'a/'}}        | b/  | true",
        "{'StringNotEquals':{'s3:prefix':'a/'}}        |     | true",
        "{'StringLike':{'S3:Prefix':'a/*'}}            | a/b | true",
        "{'StringLike':{'s3:prefix':'a/*'}}            | b/  | false",
        "{'StringNotLike':{'s3:prefix':'a/*'}}         | a/b | false",
        "{'Null':{'s3:prefix':'true'}}                 |     | true",
        "{'Null':{'s3:prefix':'true'}}                 | a/  | false",
        "{'Null':{'s3:prefix':false}}                  | a/  | true",
        "{'Bool':{'aws:SecureTransport':'true'}}       |     | true",
        "{'Bool':{'aws:SecureTransport':'false'}}      |     | false",
        "{'Bool':{'s3:ObjectCreationOperation':true}}  |     | false",
        "{'StringEquals':{'s3:prefix':'a/','aws:PrincipalAccount':'222222222222'}} | a/ | true",
        "{'StringEquals':{'s3:prefix':'a/','aws:PrincipalAccount':'333333333333'}} | a/ | false",
        "{'StringEquals':{'aws:PrincipalTag/mesh':'m1'}} | | true",
        "{'StringLike':{'aws:PrincipalArn':'arn:aws:iam::*:role/jobs/*'}} | | true",
      })
  void allConditionsMustMatch(String condition, String prefix, boolean expected) {
    IamAction action =
        IamAction.of("s3:ListBucket", "arn:aws:s3:::b").with("s3:prefix", prefix).by(ETL);

    assertThat(allowing("s3:*", "*", condition.replace('\'', '"')).allows(action))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "d/1;d/2, true",
    "d/1;e/2, false",
    "'', true", // why policies add Null
  })
  void forAllValuesIsTrueIfEachValueMatches(String keys, boolean expected) {
    IamAction action = IamAction.of("dynamodb:PutItem", "arn");
    if (!keys.isEmpty()) {
      action = action.with("dynamodb:LeadingKeys", List.of(keys.split(";", -1)));
    }

    assertThat(
            allowing(
                    "dynamodb:PutItem",
                    "*",
                    """
                    {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["d","d/*"]}}\
                    """)
                .allows(action))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "*, PRINCIPAL",
    "arn:aws:iam::222222222222:role/jobs/etl, PRINCIPAL",
    "arn:aws:sts::222222222222:assumed-role/etl/s, PRINCIPAL",
    "arn:aws:iam::222222222222:root, ACCOUNT",
    "222222222222, ACCOUNT",
    "arn:aws:iam::222222222222:role/etl, NOT",
    "arn:aws:iam::333333333333:root, NOT",
    "arn:aws:iam::222222222222:role/jobs/*, NOT", // patterns are not principals
  })
  void aResourceNamesAPrincipalOrItsAccount(String principal, PrincipalMatch expected) {
    IamPolicy policy =
        IamPolicy.ofResource(
            policy(
                """
                "Effect":"Allow","Principal":{"AWS":"%s"},"Action":"s3:*","Resource":"*\"\
                """
                    .formatted(principal)));

    assertThat(policy.allows(IamAction.of("s3:GetObject", "arn:aws:s3:::b/k"), ETL))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Effect\":\"Allow\",\"NotAction\":\"s3:*\",\"Resource\":\"*\"",
        "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"NotResource\":\"*\"",
        "\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"NotResource\":\"a\",\"Resource\":\"b\"",
        "\"Effect\":\"Permit\",\"Action\":\"s3:*\",\"Resource\":\"*\"",
        "\"Effect\":\"Allow\",\"Resource\":\"*\"",
        "\"Effect\":\"Allow\",\"Action\":\"s3:*\"",
        "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::${aws:username}/*\"",
        "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\","
            + "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}",
        "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\","
            + "\"Condition\":{\"StringEquals\":{\"aws:SourceVpc\":\"v\"}}",
        "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\","
            + "\"Principal\":{\"AWS\":\"*\"}",
      })
  void whatTheEmulatorDoesNotKnowIsRejected(String statement) {
    assertThatThrownBy(() -> IamPolicy.ofIdentity(policy(statement)))
        .isInstanceOf(NotEmulatedException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "arn:aws:s3:::b/data/x, true",
    "arn:aws:s3:::b/data/_metadata/x, false",
    "arn:aws:s3:::b/archive/x, false",
    "arn:aws:s3:::b, true",
  })
  void aDenialMayExceptResources(String resource, boolean expected) {
    IamPolicy policy =
        IamPolicy.ofResource(
            policy(
                "\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\",\"NotResource\":"
                    + "[\"arn:aws:s3:::b/data/_metadata/*\",\"arn:aws:s3:::b/archive/*\"]"));

    assertThat(policy.denies(IamAction.of("s3:PutObject", resource), ETL)).isEqualTo(expected);
    assertThat(policy.denies(IamAction.of("s3:GetObject", resource), ETL)).isFalse();
  }

  @Test
  void otherVersionsAreRejected() {
    assertThatThrownBy(() -> IamPolicy.ofIdentity("{\"Version\":\"2008-10-17\",\"Statement\":[]}"))
        .isInstanceOf(NotEmulatedException.class)
        .hasMessageContaining("2012-10-17");
  }

  @Test
  void aPolicyThatNamesResourcesIsRejectedForServicesWhoseResourcesAreUnknown() {
    IamAction action = IamAction.of("glue:GetTable", null);

    assertThat(allowing("glue:*", "*", "").allows(action)).isTrue();
    assertThat(allowing("s3:*", "arn:aws:s3:::b", "").allows(action)).isFalse();
    assertThatThrownBy(() -> allowing("glue:*", "arn:aws:glue:::t", "").allows(action))
        .isInstanceOf(NotEmulatedException.class)
        .hasMessageContaining("glue:GetTable");
  }

  private static IamPolicy allowing(String action, String resource, String condition) {
    return IamPolicy.ofIdentity(
        policy(
            "\"Effect\":\"Allow\",\"Action\":\""
                + action
                + "\",\"Resource\":\""
                + resource
                + "\""
                + (condition.isEmpty() ? "" : ",\"Condition\":" + condition)));
  }

  private static String policy(String statement) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":{" + statement + "}}";
  }
}
