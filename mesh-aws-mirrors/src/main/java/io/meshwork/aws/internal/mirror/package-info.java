/**
 * The mirrors of a catalog in AWS Glue and AWS Lake Formation.
 *
 * <p>Start at {@code AwsMirrors}, which returns them in order, and at {@code GlueMirror}. For each
 * service, the class {@code …Images} computes what it should have from the registry, {@code
 * …Actual} or {@code …Contents} read what it has, and {@code …Changes} or the mirror itself send
 * the calls. Imports {@code io.meshwork.internal.mirror}, whose engine decides what is done.
 */
@NullMarked
package io.meshwork.aws.internal.mirror;

import org.jspecify.annotations.NullMarked;
