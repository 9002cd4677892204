using HyperVDash.Web.Access;
using HyperVDash.Web.Api;
using HyperVDash.Web.Components;
using HyperVDash.Web.Tuning;
using MudBlazor.Services;
using Serilog;

namespace HyperVDash.Web;

internal static class DashboardServices
{
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddMudServices();
        services.AddHttpContextAccessor();
        services.AddAntiforgery();
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services;
    }

    public static void UseDashboardPipeline(this WebApplication app, WebOptions options)
    {
        app.UseSerilogRequestLogging(log => log.GetLevel = (_, _, failed) => failed is null ? Serilog.Events.LogEventLevel.Debug : Serilog.Events.LogEventLevel.Error);
        app.UseSecurityHeaders();
        app.UseScopedPaths();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        // Only for reading: a refused form must stay refused, and not be sent again to a page.
        app.UseWhen(context => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method),
            reading => reading.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseRouting();
        app.Use(new DashboardToken(options).InvokeAsync);
        app.UseAntiforgery();
    }

    public static void MapDashboard(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        app.MapFleetApi();
        app.MapForms();
        app.MapTuningForm();
    }
}
