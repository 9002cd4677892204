using HyperVDash.Cim;
using HyperVDash.Cim.WsMan;
using HyperVDash.Fuzz.Seeds;

namespace HyperVDash.Fuzz.Targets;

/// <summary>The body of a WS-Management answer, as a host or somebody in its place may send it.</summary>
internal sealed class ReplyTarget : FuzzTarget
{
    public override string Name => "replies";

    public override Grammar Grammar => Grammar.Xml;

    public override IReadOnlyList<string> Code =>
        ["HyperVDash.Cim.WsMan.WsManReply", "HyperVDash.Cim.WsMan.RowDecoder", "HyperVDash.Cim.WsMan.WsManFault", "HyperVDash.Cim.CimRow", "HyperVDash.Cim.CimLayout", "HyperVDash.Cim.CimTime"];

    public override async Task<IReadOnlyList<byte[]>> SeedsAsync(CancellationToken cancellationToken) =>
        [.. (await LabAnswers.OfAsync(cancellationToken).ConfigureAwait(false)).Envelopes, .. Recordings.Envelopes(), .. Faults.Envelopes()];

    public override string Read(ReadOnlySpan<byte> input)
    {
        var reply = WsManReply.Read(new WsManBytes(input.ToArray(), input.Length, IsCut: false, 200), new RowDecoder("Msvm_ComputerSystem"));
        foreach (var row in reply.Rows)
        {
            RowGetters.UseAll(row);
        }

        if (reply.Output is { } output)
        {
            RowGetters.UseAll(output);
        }

        Expect(reply.Context is null or { Length: > 0 } && !(reply.IsEnd && !reply.HasBody), "a context is a text, and an end stands in a body");
        if (reply.Broken is { } broken)
        {
            Expect(broken.Length > 0, "a broken answer says why");
            return "not XML, or not SOAP";
        }

        if (reply.Fault is { } fault)
        {
            Expect(Enum.IsDefined(fault.Kind) && fault.Text.Length <= 301, "a fault has a kind and a short text");
            Expect(!fault.IsQuota || !WsManFault.IsTooLarge(fault.Code) || fault.WbemCode is not null, "a host that is busy has not been asked too much");
            Expect(!WsManFault.IsTooLarge(fault.Code) || WsManFault.IsWorthAnotherStart(fault.Code), "what was too large is asked again in smaller parts");
            return $"fault: {fault.Kind}";
        }

        return !reply.HasBody ? "no body" : "accepted";
    }
}
