using System.Globalization;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;

namespace HyperVDash.Lab.WsMan;

/// <summary>Get: one instance by its keys, one property of it, or the description of a class.</summary>
internal sealed class Transfers(LabHost host, LabFaults faults, ClassQuestions questions, ClassDescriptions descriptions)
{
    public byte[] Get(SoapRequest request, Resource resource, RequestSubject subject)
    {
        if (resource.IsMetadata)
        {
            return descriptions.Get(request, resource, subject);
        }

        var found = questions.Rows(resource, resource.Class, null, null, null, inQuery: false);
        var keys = host.Release.Find(resource.Namespace, resource.Class)?.Keys ?? [];
        var wanted = request.Selectors.Where(s => !s.Key.Equals("__cimnamespace", StringComparison.OrdinalIgnoreCase)).ToList();
        bool isSingleton = wanted.Count == 0 && found.Rows.Count == 1;
        if (!isSingleton && keys.Any(k => !wanted.Exists(w => w.Key.Equals(k, StringComparison.OrdinalIgnoreCase))))
        {
            throw SoapFault.NotFound();
        }

        var instance = found.Rows.FirstOrDefault(i => wanted.TrueForAll(w =>
            string.Equals(Convert.ToString(i[w.Key], CultureInfo.InvariantCulture), w.Value, StringComparison.OrdinalIgnoreCase))) ?? throw SoapFault.NotFound();
        var writer = new InstanceWriter(host, resource, request.WantsPreciseArrays)
        {
            WithheldProperty = faults.Find(host.Name, resource.Class, LabFaultKind.MissingProperty)?.Parameter,
        };
        return Envelope.Write(request, Names.X + "/GetResponse", xml => host.Change(_ =>
        {
            if (request.Fragment is { } property)
            {
                writer.WriteFragment(xml, instance, [property]);
            }
            else
            {
                writer.WriteInstance(xml, instance);
            }
        }));
    }
}
