using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;

namespace HyperVDash.Lab.WsMan;

/// <summary>One host's WinRM: turns a request into the answer it would give.</summary>
internal sealed class HostEndpoint
{
    private readonly Enumerations _enumerations;
    private readonly Transfers _transfers;
    private readonly MethodCalls _calls;

    public HostEndpoint(LabHost host, LabFaults faults, TimeProvider time)
    {
        Host = host;
        var questions = new ClassQuestions(host, faults);
        var descriptions = new ClassDescriptions(host, faults, questions);
        _enumerations = new Enumerations(host, faults, questions, descriptions, MaxEnvelope, time);
        _transfers = new Transfers(host, faults, questions, descriptions);
        _calls = new MethodCalls(host, faults, MaxEnvelope);
    }

    public LabHost Host { get; }

    /// <summary>The most that this release sends or takes in one message, in bytes.</summary>
    public int MaxEnvelope => Host.WindowsVersion is ['6', '.', '0' or '1', ..] ? 153_600 : 512_000;

    /// <summary>The envelope to send back, and its HTTP status.</summary>
    public (int Status, byte[] Body) Answer(SoapRequest request, RequestSubject subject, bool isSignedIn)
    {
        try
        {
            return (200, Respond(request, subject, isSignedIn));
        }
        catch (SoapFault fault)
        {
            return (500, Envelope.Write(request, fault.Action, xml => fault.Write(xml, Host.Name, Resource.IsDmtfUri(request.ResourceUri))));
        }
    }

    private byte[] Respond(SoapRequest request, RequestSubject subject, bool isSignedIn)
    {
        if (request.Operation?.Name.NamespaceName == Names.Identity)
        {
            subject.Operation = "Identify";
            return Envelope.Write(request, "", xml => Identity.Write(xml, Host, isSignedIn));
        }

        RequestRules.Check(request);
        var resource = Resource.Parse(request.ResourceUri, request.Selectors)
            ?? throw new SoapFault("a:DestinationUnreachable", 0x8033803B, "The resource URI is not valid.");
        RequestRules.Check(request, resource);
        subject.Namespace = resource.Namespace;
        subject.Class = resource.Class;
        int slash = request.Action.LastIndexOf('/');
        subject.Operation = request.Action[(slash + 1)..];
        return (request.Action[..Math.Max(slash, 0)], subject.Operation) switch
        {
            (Names.N, "Enumerate") => _enumerations.Start(request, resource, subject),
            (Names.N, "Pull") => _enumerations.Pull(request, subject),
            (Names.N, "Release") => _enumerations.Release(request),
            (Names.X, "Get") => _transfers.Get(request, resource, subject),
            (Names.X, _) => throw new SoapFault("a:ActionNotSupported", 0x80338013, "This host only reads."),
            var (uri, method) when uri.EndsWith(resource.Class, StringComparison.OrdinalIgnoreCase) => _calls.Invoke(request, resource, method),
            _ => throw new SoapFault("a:ActionNotSupported", 0x80338013, $"The action {request.Action} is not supported."),
        };
    }
}
