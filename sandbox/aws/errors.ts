import type { ServerResponse } from 'node:http';
import { type AwsError, sendJson, sendText } from './http.ts';

const QUERY_SERVICES = new Set(['sns', 'sts', 'iam', 'cloudformation']);
const REST_JSON_SERVICES = new Set(['kafka', 'kafkaconnect', 'lambda', 'scheduler', 'email']);

/** Writes an error in the protocol that the service's SDK client reads. */
export function sendError(response: ServerResponse, service: string, error: AwsError): void {
  if (service === 's3') sendXmlError(response, error, s3Xml);
  else if (service === 'ec2') sendXmlError(response, error, ec2Xml);
  else if (QUERY_SERVICES.has(service)) sendXmlError(response, error, queryXml);
  else if (REST_JSON_SERVICES.has(service)) sendRestJsonError(response, error);
  else sendJsonError(response, error);
}

/** CloudWatch and SQS came from the query protocol: their clients take the error's name from the header, and map it to the shape's. */
function sendJsonError(response: ServerResponse, error: AwsError): void {
  const fault = error.status >= 500 ? 'Receiver' : 'Sender';
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-query-error': `${error.code};${fault}` };
  sendJson(response, error.status, { __type: error.code, message: error.message }, headers);
}

function sendRestJsonError(response: ServerResponse, error: AwsError): void {
  // The gateway in front of MSK writes "Message" when it refuses a caller itself, the service writes "message".
  const key = error.code === 'AccessDeniedException' ? 'Message' : 'message';
  sendJson(response, error.status, { [key]: error.message, ...error.details }, { 'x-amzn-errortype': error.code });
}

function sendXmlError(response: ServerResponse, error: AwsError, body: (error: AwsError) => string): void {
  sendText(response, error.status, `<?xml version="1.0" encoding="UTF-8"?>\n${body(error)}`, 'application/xml');
}

function s3Xml(error: AwsError): string {
  return `<Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message><RequestId>${crypto.randomUUID()}</RequestId></Error>`;
}

function ec2Xml(error: AwsError): string {
  return `<Response><Errors><Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message></Error></Errors><RequestID>${crypto.randomUUID()}</RequestID></Response>`;
}

function queryXml(error: AwsError): string {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  return `<ErrorResponse><Error><Type>${type}</Type><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${crypto.randomUUID()}</RequestId></ErrorResponse>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
