import { AWS_ACCOUNT, AWS_REGION } from '../identity.ts';
import { subnetOf, zones } from '../msk/cluster-answers.ts';
import type { MskState } from '../msk/state.ts';

/** The cluster's own subnets, one a zone, as EC2's query protocol writes them. Filters by id and the parameter of the same are understood. */
export function describeSubnets(msk: MskState, form: URLSearchParams): string {
  const wanted = [...form]
    .filter(([key]) => /^(SubnetId|Filter\.\d+\.Value)\.\d+$/.test(key))
    .map(([, value]) => value);
  const items = zones(msk)
    .map((zone, index) => ({ id: subnetOf(zone), zone, letter: 'abcdef'.charAt(index) }))
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    .map(
      ({ id, zone, letter }) =>
        `<item><subnetId>${id}</subnetId><ownerId>${AWS_ACCOUNT}</ownerId><state>available</state><vpcId>vpc-0a1b2c3d4e5f60718</vpcId><availabilityZone>${AWS_REGION}${letter}</availabilityZone><availabilityZoneId>${zone}</availabilityZoneId></item>`,
    );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${crypto.randomUUID()}</requestId><subnetSet>${items.join('')}</subnetSet></DescribeSubnetsResponse>`;
}
